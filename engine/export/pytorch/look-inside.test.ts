import '../../backends/gradients.tf.ts';
import { atOnce } from '../../event-loop.ts';
import '@tensorflow/tfjs-backend-cpu';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { initializeParameters } from '../../compile/initialize.ts';
import { Model } from '../../compile/materialize.tf.ts';
import type { TrainingSettings } from '../../document/training-settings.ts';
import { decodeSafetensors } from '../../files/safetensors.ts';
import { answerOf } from '../../inspect/analysis/questions.ts';
import type { Array32 } from '../../inspect/arrays.tf.ts';
import { askedCell } from '../../inspect/asked-cell.ts';
import { connectivity } from '../../inspect/connectivity.tf.ts';
import { describeGradient } from '../../inspect/describe-gradient.ts';
import { describeSaliency } from '../../inspect/describe-saliency.ts';
import { describeTrace } from '../../inspect/describe-trace.ts';
import { exampleOf } from '../../inspect/example.ts';
import { gradientOf } from '../../inspect/gradient.tf.ts';
import { objectiveOf } from '../../inspect/objective.tf.ts';
import { saliencyOf } from '../../inspect/saliency.tf.ts';
import type { Subject } from '../../inspect/subject.ts';
import { type KeptTrace, traceExample } from '../../inspect/trace.tf.ts';
import { type ReadInput, readSeries, readText } from '../../predict/predict.tf.ts';
import { greedySettings, predictSequence, searchSequence } from '../../predict/predict-sequence.tf.ts';
import type { MethodResult } from '../../protocol/contract.ts';
import type { GradientOf } from '../../protocol/inspect.ts';
import { Random } from '../../random.ts';
import { goldenFiles } from '../features/golden-files.ts';
import { warmPython } from '../warm-python.test-support.ts';
import { writeFolder } from '../write-folder.ts';
import { exportPytorch } from './export.ts';
import { findTorch } from './find-torch.ts';
import { namedCase } from './named-case.ts';
import { cells, directions, type ParityCase } from './parity-cases.ts';

const torch = findTorch();
const required = process.env['UNROLL_REQUIRE_ALL'] === '1';
if ('reason' in torch) console.warn(`look_inside.py is not compared with the app: ${torch.reason}`);

const text = 'the cat and kate teach';

/** A network with what is asked about it. */
interface Question {
  readonly name: string;
  readonly input?: string;
  readonly target?: string;
  readonly of?: GradientOf;
  readonly training?: Partial<TrainingSettings>;
  readonly beam?: { readonly width: number; readonly lengthPenalty: number };
}

const every = <T>(list: readonly T[], at: number): T => list[at % list.length] as T;

const tags = 'no yes maybe no yes';

const questions: readonly Question[] = [
  // Every cell, with direction and merge, depth, and what is asked for in turn.
  ...Object.keys(cells).map((cell, i): Question => {
    const direction = every(directions, i);
    const depth = 1 + (i % 2);
    switch (i % 4) {
      case 0:
        return { name: `${cell} · ${direction} · depth ${depth} · last`, target: 'maybe' };
      case 1:
        return { name: `${cell} · ${direction} · depth ${depth} · every-step`, target: tags, of: { kind: 'step', step: i % 5 } };
      case 2:
        return { name: `${cell} · ${direction} · depth ${depth} · mean` };
      default:
        return { name: `${cell} · ${direction} · depth ${depth} · every-step`, target: tags };
    }
  }),
  // Not of a rectifier: of several equal maxima PyTorch and the app choose different ones.
  { name: 'lstm · sum · depth 2 · max', target: 'no' },
  { name: 'gru reset-after · concat · 2 layers · mean', of: { kind: 'class', class: 'yes' } },
  { name: 'gru simplified · backward · 2 layers · last', target: 'no' },
  { name: 'lstm projected, peepholes, coupled · product · 3 layers, residual · every-step', target: tags },
  { name: 'initial state · lstm projected · backward' },
  { name: 'decoder · lstm · additive', target: 'kate and the cat', beam: { width: 1, lengthPenalty: 0.6 } },
  { name: 'decoder · gru relevance-before · general', beam: { width: 8, lengthPenalty: 0 } },
  { name: 'lstm · states of 2 layers handed on, residual', of: { kind: 'class', class: 'maybe', step: 2 } },
  { name: 'decoder · lstm bridged to gru reset-after · 2 layers', target: 'deep learning' },
  { name: 'decoder · gru simplified bridged to lstm peepholes · 1 layers', of: { kind: 'token', token: 'deep', step: 1 } },
  { name: 'decoder · sub-words', target: 'the cat' },
  { name: 'decoder · series to sub-words' },
  { name: 'decoder · listens to a pyramid', target: 'kate' },
  { name: 'pyramid · lstm · both · last', target: 'yes' },
  { name: 'pyramid · gru relevance-before · both · every-step', target: 'yes' },
  { name: 'image to sequence · all', target: 'the cat' },
  { name: 'video to class · mean', target: 'yes' },
  { name: 'language model · gru reset-after', input: 'the cat\nkate quux' },
  { name: 'language model · lstm', target: 'deep' },
  { name: 'language model · running text', input: 'the cat\nand', of: { kind: 'token', token: 'kate', step: 2 } },
  { name: 'language model · sub-words' },
  { name: 'one-hot', target: tags },
  { name: 'frozen embedding' },
  { name: 'embedding and dense, no recurrence', target: tags },
  { name: 'sigmoid head per example', target: 'yes' },
  { name: 'sigmoid head per step', target: 'no yes yes no yes' },
  { name: 'sigmoid head per step', target: 'no yes yes no yes', training: { timeReduction: 'sum' } },
  { name: 'regression from text', target: '1.5 -3' },
  { name: 'regression from text', target: '1.5, -3', training: { loss: 'rmse' } },
  { name: 'recording to numbers', target: '1 2' },
  { name: 'recording to sequence' },
  { name: 'forecast from a series', of: { kind: 'class', class: 'b' } },
  { name: 'classes from a series', target: 'maybe' },
  { name: 'mixed cells in a deep network', target: 'yes' },
  { name: 'Minimal gated unit · concat · 2 layers · bidirectional' },
  { name: 'Coupled LSTM with layer norm · backward · 1 layers · recurrent', target: 'yes' },
  { name: 'SRU · forward · 2 layers · recurrent', target: 'yes' },
  { name: 'every role in bidirectional 2 · 2 · bidirectional', target: tags },
];

describe.skipIf('reason' in torch && !required)('look_inside.py', () => {
  const root = mkdtempSync(join(tmpdir(), 'unroll-look-inside-'));
  beforeAll(async () => {
    if ('reason' in torch) throw new Error(torch.reason);
    await tf.setBackend('cpu');
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));
  const warm = warmPython('reason' in torch ? 'python3' : torch.python, ['torch']);

  it.each(questions)('of $name says what the app says', async (question) => {
    const { one, directory, rows, file } = await exported(root, question);
    const input = rows === null ? (question.input ?? text) : csvOf(rows);
    const { stdout, stderr } = await warm.run({
      folder: directory,
      arguments: ['look_inside.py', ...file, '--json', ...flags(question)],
      input,
    });
    expect(stderr).toBe('');
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Line);
    const app = await appLines(one, question, rows);
    expect(lines.map(headOf)).toEqual(app.map(headOf));
    for (const [at, wanted] of app.entries()) compare(wanted, lines[at] ?? { event: 'none' });
  });

  it('writes arrays with an index, chooses a node, and says what is wrong', async () => {
    const { directory } = await exported(root, { name: 'lstm · concat · depth 2 · every-step' });
    const run = (...given: readonly string[]) =>
      warm.run({ folder: directory, arguments: ['look_inside.py', ...given], input: '' });
    const out = join(root, 'arrays');
    const { stdout, stderr } = await run(text, '--json', '--node', 'layer2', '--out', out);
    expect(stderr).toBe('');
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Line);
    expect(lines.at(-1)).toEqual({ event: 'done', directory: out });
    expect(new Set(lines.flatMap(({ node }) => node ?? []))).toEqual(new Set(['layer2']));
    const index = JSON.parse(readFileSync(join(out, 'index.json'), 'utf8')) as { arrays: { tensor: string; shape: number[] }[] };
    const { tensors } = decodeSafetensors(readFileSync(join(out, 'arrays.safetensors')));
    expect(index.arrays.map(({ tensor }) => tensor)).toEqual([...tensors.keys()]);
    expect([...tensors.keys()]).toEqual(
      expect.arrayContaining(['trace/layer2/layer0/backward/c', 'gradient/layer2/layer0/forward/h', 'connectivity/connectivity']),
    );
    const of = lines.find(({ event }) => event === 'trace') as { values: Record<string, number[][]> } & Line;
    const stored = tensors.get(`trace/layer2/layer0/${of.direction}/f`)?.data;
    expect([...(stored ?? [])]).toEqual((of.values['f'] ?? []).flat().map(Math.fround));
    for (const [given, said] of [
      [['--out', out], 'is not empty'],
      [['--node', 'layer9'], 'nothing recurs in a node layer9; something does in layer1, layer2'],
      [['--target', 'yes'], 'expected one tag a step, 5, got 1'],
      [['--of', 'class=perhaps'], "there is no 'perhaps' among"],
      [['--of', 'loss'], 'nobody said what the network should say'],
      [['--of', 'step', '--step', '2'], 'nobody said what the network should say at step 2'],
      [['--of', 'class=yes', '--step', '7'], 'there is no step 7: they are 0 to 4'],
      [['--of', 'best'], '--of: expected loss'],
    ] as const) {
      const refused = await run(text, ...given);
      expect([refused.status, refused.stderr]).toEqual([1, expect.stringContaining(`look_inside.py: `)]);
      expect(refused.stderr).toContain(said);
    }
    const words = await run(text);
    expect(words.stdout).toMatch(/equations and modules are \d\.\de-\d+ apart\n/);
    expect(words.stdout).toMatch(/layer1 · layer 1 · backward U_i: ρ \d/);
  });

  it('says where a module gives something else than its equations', async () => {
    const { directory } = await exported(root, { name: 'gru simplified · forward · depth 1 · last' });
    const file = join(directory, 'recurrences.json');
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll('"sign": -1', '"sign": 1'));
    const { stdout } = await warm.run({ folder: directory, arguments: ['look_inside.py', text], input: '' });
    expect(stdout).toMatch(/apart at layer1: more than rounding/);
  });
});

interface Line {
  readonly event: string;
  readonly node?: string;
  readonly layer?: number;
  readonly direction?: string;
  readonly matrix?: string;
}

const headOf = ({ event, node, layer, direction, matrix }: Line): Line => ({
  event,
  ...(node === undefined ? {} : { node }),
  ...(layer === undefined ? {} : { layer }),
  ...(direction === undefined ? {} : { direction }),
  ...(matrix === undefined ? {} : { matrix }),
});

function flags({ target, of, beam }: Question): readonly string[] {
  const step = of !== undefined && 'step' in of && of.step !== undefined ? ['--step', String(of.step)] : [];
  const what =
    of === undefined
      ? []
      : ['--of', of.kind === 'class' ? `class=${of.class}` : of.kind === 'token' ? `token=${of.token}` : of.kind];
  const search = beam === undefined ? [] : ['--beam', String(beam.width), '--length-penalty', String(beam.lengthPenalty)];
  return [...(target === undefined ? [] : ['--target', target]), ...what, ...step, ...search];
}

const csvOf = (rows: readonly (readonly number[])[]): string => rows.map((row) => row.join(',')).join('\n');

async function exported(
  root: string,
  { name, training }: Question,
): Promise<{ one: ParityCase; directory: string; rows: number[][] | null; file: string[] }> {
  const known = namedCase(name);
  const one = { ...known, document: { ...known.document, training: { ...known.document.training, ...training } } };
  const files = exportPytorch({
    ...one,
    parameters: initializeParameters(one.plan, 3),
    goldens: { batches: [], predictions: [] },
  });
  const { directory } = await writeFolder(mkdtempSync(join(root, 'case-')), files, { overwrite: true });
  const [golden] = await goldenFiles(one.encoding.binding.media, 3);
  if (golden !== undefined) {
    writeFileSync(join(directory, golden.name), Buffer.from(golden.base64, 'base64'));
    return { one, directory, rows: golden.features as number[][], file: [golden.name] };
  }
  const { features, image } = one.plan.facts;
  const random = new Random(4, name);
  const steps = image && one.document.nodes.some(({ kind }) => kind === 'image-input') ? 1 : 5;
  const row = (): number[] => Array.from({ length: features ?? 0 }, () => Number(random.normal().toFixed(4)));
  return { one, directory, rows: features === null ? null : Array.from({ length: steps }, row), file: [] };
}

/** What `unroll inspect … --json` prints, by the engine's functions. */
async function appLines(
  one: ParityCase,
  { input: given = text, target, of, beam = { width: 5, lengthPenalty: 0.6 } }: Question,
  rows: number[][] | null,
): Promise<Line[]> {
  const { plan, encoding, document } = one;
  const model = new Model(plan, initializeParameters(plan, 3));
  const subject: Subject = { run: 'r', weights: 'best', step: 1, model, encoding, training: document.training };
  const read: ReadInput = rows === null ? readText(encoding, given) : readSeries(encoding, rows);
  const input = encoding.binding.media.kind === 'none' ? read : { ...read, words: read.words.map(() => '') };
  const says = plan.task === 'sequence-to-sequence' && target === undefined;
  const [said] = says ? await predictSequence(subject, input, greedySettings) : [];
  const trace = await traceExample(subject, exampleOf(encoding, input, target ?? null, said ?? null));
  const told = describeTrace('t', trace);
  const { steps, target: wanted, loss, losses } = told;
  const { says: answers, norms } = atOnce(connectivity(trace));
  const asked = of ?? gradientFor(trace, loss);
  const objective = objectiveOf(subject, trace.example, asked);
  const gradient = describeGradient(trace, atOnce(gradientOf(subject, trace.example, objective)));
  const { pixels: _written, ...saliency } = describeSaliency(subject, objective, atOnce(saliencyOf(trace, objective)));
  const { hypotheses, tree } =
    plan.task === 'sequence-to-sequence'
      ? await searchSequence(subject, input, { method: 'beam', maxTokens: null, ...beam, tree: true })
      : { hypotheses: [], tree: undefined };
  const found = hypotheses.map(({ text, tokens, logProbability, finished }) => ({ text, tokens, logProbability, finished }));
  const spectra = await Promise.all(
    trace.recurrences.map(async (kept) => {
      const found = answerOf({ kind: 'spectrum', cell: await askedCell(trace, kept) });
      return (found as MethodResult<'inspect.spectrum'>).matrices.flatMap(({ name, spectrum, singular }) =>
        spectrum === null
          ? []
          : [
              {
                event: 'spectrum',
                ...placeOf(kept),
                matrix: name,
                eigenvalues: spectrum.eigenvalues,
                radius: spectrum.radius,
                singular,
              },
            ],
      );
    }),
  );
  model.dispose();
  return [
    { event: 'inspection', steps, target: wanted, loss, losses } as Line,
    ...trace.recurrences.map((kept): Line => {
      const own = kept.described.values.map(({ name }) => [name, rowsOf(kept.values.get(name))] as const);
      return { event: 'trace', ...placeOf(kept), values: Object.fromEntries(own) } as Line;
    }),
    ...gradient.nodes.flatMap(({ node, recurrent }) =>
      recurrent.map(
        (found) => ({ event: 'gradient', of: asked, node, ...found, says: answers, connectivity: rowsOf(norms) }) as Line,
      ),
    ),
    { event: 'saliency', of: asked, ...saliency } as Line,
    ...(tree === undefined ? [] : [{ event: 'beam', ...tree, hypotheses: found } as Line]),
    ...spectra.flat(),
  ];
}

const placeOf = ({ node, described: { layer, direction } }: KeptTrace['recurrences'][number]) => ({ node, layer, direction });

function gradientFor({ prediction }: KeptTrace, loss: number | null): GradientOf {
  if (loss !== null) return { kind: 'loss' };
  if (prediction.kind === 'class') return { kind: 'class', class: prediction.ranked[0]?.label ?? '' };
  if (prediction.kind === 'tags') return { kind: 'class', class: prediction.tags.at(-1)?.label ?? '' };
  if (prediction.kind === 'numbers') return { kind: 'class', class: prediction.names[0] ?? '' };
  throw new Error('a sequence has a loss');
}

function rowsOf(array: Array32 | undefined): number[][] {
  const [rows = 0, width = 0] = array?.shape ?? [];
  return Array.from({ length: rows }, (_, t) => [...(array?.data.subarray(t * width, (t + 1) * width) ?? [])]);
}

/** What may differ by rounding, with how far: a part of the largest of its list, or of 1 where that is smaller. */
const within: Readonly<Record<string, readonly [limit: number, least: number]>> = {
  values: [1e-5, 1],
  loss: [1e-5, 1],
  losses: [1e-5, 1],
  states: [1e-4, 0],
  inputs: [1e-4, 0],
  terms: [1e-4, 0],
  connectivity: [1e-4, 0],
  value: [1e-5, 1],
  without: [1e-5, 1],
  gradient: [1e-4, 1e-2],
  integrated: [1e-4, 1e-2],
  occlusion: [1e-4, 1e-2],
  error: [1e-4, 1e-2],
  eigenvalues: [1e-5, 1],
  radius: [1e-5, 1],
  singular: [1e-5, 1],
  probability: [1e-5, 1],
  logProbability: [1e-5, 1],
  score: [1e-5, 1],
};

/** The app's line against Python's. */
function compare(wanted: Line, found: Line): void {
  const [ours, theirs] = [wanted, found] as unknown as readonly [Record<string, unknown>, Record<string, unknown>];
  if (wanted.event === 'inspection') {
    expect((theirs['equality'] as { difference: number }).difference).toBeLessThan(1e-12);
    delete theirs['equality'];
  }
  sameFields(theirs, ours, Object.values(headOf(wanted)).join(' '));
}

function sameFields(theirs: Record<string, unknown>, ours: Record<string, unknown>, of: string): void {
  expect(Object.keys(theirs).toSorted(), of).toEqual(Object.keys(ours).toSorted());
  for (const [name, value] of Object.entries(ours)) {
    const limit = within[name];
    if (name === 'hypotheses' || name === 'nodes') {
      const [found, wanted] = [theirs[name], value] as [Record<string, unknown>[], Record<string, unknown>[]];
      expect(found.length, `${of} ${name}`).toBe(wanted.length);
      for (const [at, one] of wanted.entries()) sameFields(found[at] ?? {}, one, `${of} ${name} ${at}`);
    } else if (limit === undefined) expect(theirs[name], `${of} ${name}`).toEqual(value);
    else if (name === 'eigenvalues') sameSet(theirs[name] as Complex[], value as Complex[]);
    else close(theirs[name], value, limit, `${of} ${name}`);
  }
}

type Complex = readonly [number, number];

/** In any order: rounding decides between two of one size. */
function sameSet(found: readonly Complex[], wanted: readonly Complex[]): void {
  const left = [...found];
  for (const [re, im] of wanted) {
    const far = (value: Complex | undefined): number => Math.hypot((value?.[0] ?? Infinity) - re, (value?.[1] ?? Infinity) - im);
    const nearest = left.reduce((best, value, i) => (far(value) < far(left[best]) ? i : best), 0);
    const [taken] = left.splice(nearest, 1);
    expect(far(taken)).toBeLessThan(1e-4);
  }
  expect(left).toEqual([]);
}

function close(found: unknown, wanted: unknown, [limit, least]: readonly [number, number], path: string): void {
  if (Array.isArray(wanted) || typeof wanted === 'number') {
    const [ours, theirs] = [[wanted], [found]].map((list) => list.flat(Infinity) as number[]) as [number[], number[]];
    expect(theirs.length, path).toBe(ours.length);
    // Shares are of 1, however small the gradient is.
    const largest = Math.max(path.endsWith('share') ? 1 : least, ...ours.map(Math.abs));
    const most = ours.reduce((far, value, i) => Math.max(far, Math.abs(value - (theirs[i] ?? Number.NaN))), 0);
    expect(most, `${path}: ${theirs} for ${ours}`).toBeLessThanOrEqual(limit * largest + 1e-9);
  } else if (typeof wanted === 'object' && wanted !== null) {
    const [ours, theirs] = [wanted, found] as [Record<string, unknown>, Record<string, unknown>];
    expect(Object.keys(theirs).toSorted(), path).toEqual(Object.keys(ours).toSorted());
    for (const [name, value] of Object.entries(ours)) close(theirs[name], value, [limit, least], `${path} ${name}`);
  } else expect(found, path).toEqual(wanted);
}
