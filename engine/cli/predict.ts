import { resolve } from 'node:path';
import { text as readAll } from 'node:stream/consumers';
import type { UnrollDocument } from '../document/schema.ts';
import { UserError } from '../protocol/envelope.ts';
import type { InspectedInput } from '../protocol/inspect.ts';
import { type DecodeSettings, decodeSettings, generateSettings, type Prediction } from '../protocol/predict.ts';
import type { DataFacts } from '../shapes/data-facts.ts';
import { type LocalEngine, runArgument, startLocalEngine } from './local-engine.ts';
import type { Output } from './output.ts';
import { figure } from './progress-bar.ts';

export interface PredictOptions {
  readonly beam?: number;
  readonly lengthPenalty?: number;
  readonly sample?: boolean;
  readonly samples?: number;
  readonly temperature?: number;
  readonly topK?: number;
  readonly topP?: number;
  readonly seed?: number;
  readonly maxTokens?: number;
}

export async function predictCommand(output: Output, argument: string, input: string, options: PredictOptions): Promise<void> {
  const engine = startLocalEngine();
  const run = await runArgument(argument);
  const text = input === '-' ? await readAll(process.stdin) : input;
  const { facts, document } = await engine.call['runs.get']({ run });
  const { task, languageModel } = document.data ?? {};
  // A row of lines is a whole; in a running text its end is a line's end, and the next line follows.
  if (task === 'language-model') return generate(engine, output, run, text, languageModel?.unit === 'line', options);
  const decode = decodeOf(options);
  const prediction = await predicted(engine, run, inputOf(text, facts, document.data), decode);
  output.tell({ event: 'prediction', ...prediction });
  for (const line of describe(prediction)) output.say(line);
}

type Input = Extract<InspectedInput, { kind: 'text' | 'series' | 'file' }>;

/** What is written on the command line, as the run's data has it: the path of a file, a text, or rows of numbers. */
export function inputOf(text: string, { features }: Pick<DataFacts, 'features'>, data: UnrollDocument['data']): Input {
  if (namesFiles(data)) return { kind: 'file', path: absolutePaths(text) };
  return features === null ? { kind: 'text', text } : { kind: 'series', rows: parseRows(text) };
}

function predicted({ call }: LocalEngine, run: string, input: Input, decode: DecodeSettings): Promise<Prediction> {
  switch (input.kind) {
    case 'file':
      return call['predict.file']({ run, path: input.path, decode });
    case 'text':
      return call['predict.text']({ run, text: input.text, decode });
    case 'series':
      return call['predict.series']({ run, rows: input.rows, decode });
  }
}

/** Whether the run's data are recordings, pictures or videos. */
const namesFiles = (data: UnrollDocument['data']): boolean => data !== null && data.media.kind !== 'none';

/** A path, or several between semicolons, from the folder in which the command was called. */
const absolutePaths = (text: string): string =>
  text
    .split(';')
    .map((path) => resolve(path.trim()))
    .join(';');

/** Beam search where a width is given, sampling where that is asked for, otherwise greedy. */
function decodeOf(options: PredictOptions): DecodeSettings {
  const { beam, lengthPenalty, sample, maxTokens, samples, temperature, topK, topP, seed } = options;
  if (beam !== undefined && sample === true) {
    throw new UserError({
      code: 'bad-input',
      message: '--beam and --sample exclude each other.',
      hint: 'Search for the most probable sequence with --beam, or draw one with --sample.',
    });
  }
  if (beam !== undefined) return decodeSettings.parse({ method: 'beam', width: beam, lengthPenalty, maxTokens, tree: true });
  if (sample === true) return decodeSettings.parse({ method: 'sample', maxTokens, samples, temperature, topK, topP, seed });
  return decodeSettings.parse({ method: 'greedy', maxTokens });
}

/** Writes the text as it comes, and with `--json` at the end. Ctrl-C ends it. */
async function generate(
  engine: LocalEngine,
  output: Output,
  run: string,
  prompt: string,
  untilEnd: boolean,
  { maxTokens, temperature, topK, topP, seed }: PredictOptions,
): Promise<void> {
  const id = 'command line';
  const settings = generateSettings.parse({ prompt, maxTokens, untilEnd, temperature, topK, topP, seed });
  const cancel = (): void => void engine.call['predict.cancel']({ id });
  process.once('SIGINT', cancel);
  const end = engine.on('predict.tokens', ({ pieces }) => {
    if (!output.json) process.stdout.write(pieces.map(({ text }) => text).join(''));
  });
  if (!output.json) process.stdout.write(prompt);
  try {
    const { ended, ...said } = await engine.call['predict.generate']({ run, id, settings });
    output.tell({ event: 'prediction', kind: 'generation', ended, ...said });
    output.say(ended === 'end' ? '' : ' …');
  } finally {
    end();
    process.off('SIGINT', cancel);
  }
}

/** `"1.5,2;1.7,3"`, or lines of a CSV file: rows oldest first, `[T][F]`. */
export function parseRows(text: string): number[][] {
  const rows = text.split(/[\n;]/).filter((row) => row.trim() !== '');
  return rows.map((row, index) => {
    const values = row
      .trim()
      .split(/[\s,\t]+/)
      .map(Number);
    if (values.every(Number.isFinite)) return values;
    throw new UserError({
      code: 'bad-input',
      message: `row ${index + 1} of the series: expected numbers, got “${row.trim().slice(0, 60)}”.`,
      hint: 'Give rows of numbers, oldest first: "1.5,2;1.7,3".',
      row: index + 1,
    });
  });
}

const percent = (probability: number): string => `${(probability * 100).toFixed(1)} %`;

function describe(prediction: Prediction): string[] {
  switch (prediction.kind) {
    case 'class':
      return prediction.ranked.slice(0, 5).map(({ label, probability }) => `${percent(probability).padStart(8)}  ${label}`);
    case 'tags':
      return prediction.tokens.map((token, index) => {
        const tag = prediction.tags[index];
        return `${token}\t${tag?.label ?? ''}\t${tag === undefined ? '' : percent(tag.probability)}`;
      });
    case 'numbers':
      return prediction.values.map((value, index) => `${prediction.names[index] ?? `value ${index + 1}`}: ${figure(value)}`);
    case 'sequence':
      return prediction.hypotheses.map(({ text, logProbability, finished }) => {
        return `${logProbability.toFixed(2).padStart(8)}  ${text}${finished ? '' : ' …'}`;
      });
  }
}
