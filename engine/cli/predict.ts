import { text as readAll } from 'node:stream/consumers';
import { UserError } from '../protocol/envelope.ts';
import type { Prediction } from '../protocol/predict.ts';
import { runArgument, startLocalEngine } from './local-engine.ts';
import type { Output } from './output.ts';
import { figure } from './progress-bar.ts';

export async function predictCommand(output: Output, argument: string, input: string): Promise<void> {
  const engine = startLocalEngine();
  const run = await runArgument(argument);
  const text = input === '-' ? await readAll(process.stdin) : input;
  const { facts } = await engine.call['runs.get']({ run });
  const prediction =
    facts.features === null
      ? await engine.call['predict.text']({ run, text })
      : await engine.call['predict.series']({ run, rows: parseRows(text) });
  output.tell({ event: 'prediction', ...prediction });
  for (const line of describe(prediction)) output.say(line);
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
  }
}
