import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { activateBackend } from '../../backends/choose.tf.ts';
import { initializeParameters } from '../../compile/initialize.ts';
import { Model, toTensors } from '../../compile/materialize.tf.ts';
import { onnxLayer } from '../../layers/onnx-modules.ts';
import { findLayer, layerKinds } from '../../layers/registry.ts';
import { Random } from '../../random.ts';
import { activated } from '../pytorch/goldens.tf.ts';
import { GraphBuilder, layerCases, type ParityCase, parityCase, recurrentCases } from '../pytorch/parity-cases.ts';
import { everyStep, headOf } from '../pytorch/torch-plan.ts';
import { encodeOnnx } from './export.ts';
import { findOnnx } from './find-onnx.ts';

const tolerance = 1e-4;
const onnx = findOnnx();
if ('reason' in onnx) console.warn(`ONNX parity skipped: ${onnx.reason}`);
const required = process.env['UNROLL_REQUIRE_ALL'] === '1';

type Row = readonly (number | readonly number[])[];

interface Batch {
  readonly rows: readonly Row[];
  readonly lengths: readonly number[];
}

interface Answer {
  /** One flat list for each input, batch first, padding included. */
  readonly outputs: readonly (readonly number[])[];
  readonly inputs: Readonly<Record<string, readonly (string | number)[]>>;
  readonly result: Readonly<Record<string, readonly (string | number)[]>>;
  readonly values: Readonly<Record<string, readonly (string | number)[]>>;
  readonly nodes: readonly (readonly [string, string])[];
  readonly metadata: Readonly<Record<string, string>>;
  readonly producer: readonly [string, string];
}

/** Layers that the export refuses have no parity; that they are refused is tested below. */
const expressible = ({ plan }: ParityCase): boolean => plan.modules.every(({ kind }) => !('refused' in onnxLayer(kind)));
/** A state or a vector that another kind of cell starts from. */
function bridgeCases(): ParityCase[] {
  const cases = ['state', 'output'].flatMap((port) =>
    ['gru-cell', 'lstm-cell'].map((kind) => {
      const graph = new GraphBuilder();
      graph.add('tokens', 'token-input');
      graph.add('embed', 'embedding', { width: 4 }, { tokens: 'tokens.tokens' });
      graph.add('first', 'lstm-cell', { hidden: 3, projection: 2 });
      graph.add('second', kind, { hidden: 5 });
      graph.add('both', 'bidirectional', { output: 'last' }, { sequence: 'embed.sequence', cell: 'first.cell' });
      const activation = kind === 'gru-cell' ? 'tanh' : 'identity';
      graph.add('over', 'bridge', { activation }, { from: `both.${port}`, cell: 'second.cell' });
      graph.add('layer', 'recurrent', {}, { sequence: 'embed.sequence', cell: 'second.cell', initial: 'over.state' });
      graph.add('head', 'dense-softmax', {}, { input: 'layer.output' });
      return parityCase(`bridge from a ${port} to a ${kind}`, graph.document('step-tagging'));
    }),
  );
  return cases;
}

/** Deep wrappers: layers inside one node, with and without added inputs, and a state that goes into all of them. */
function stackCases(): ParityCase[] {
  const outputs = ['every-step', 'last', 'mean'];
  const wrappers = [
    ['recurrent', { direction: 'forward' }],
    ['recurrent', { direction: 'backward' }],
    ['bidirectional', { merge: 'concat' }],
  ] as const;
  return wrappers.flatMap(([kind, params]) =>
    outputs.flatMap((output) =>
      [false, true].map((residual) => {
        const graph = new GraphBuilder();
        graph.add('tokens', 'token-input');
        graph.add('embed', 'embedding', { width: 4 }, { tokens: 'tokens.tokens' });
        graph.add('cell', 'lstm-cell', { hidden: 3, projection: residual ? 0 : 2 });
        const settings = { ...params, output, layers: 3, dropout: 0.4, residual };
        const initial: Record<string, string> = kind === 'recurrent' ? { initial: 'before.state' } : {};
        if (kind === 'recurrent') {
          graph.add('before', 'recurrent', { layers: 3 }, { sequence: 'embed.sequence', cell: 'cell.cell' });
        }
        graph.add('deep', kind, settings, { sequence: 'embed.sequence', cell: 'cell.cell', ...initial });
        graph.add('head', 'dense-softmax', {}, { input: 'deep.output' });
        const task = output === 'every-step' ? 'step-tagging' : 'sequence-classification';
        const name = `three layers · ${Object.values(params).join()} · ${output}${residual ? ' · residual' : ''}`;
        return parityCase(name, graph.document(task));
      }),
    ),
  );
}

/** Joined steps, down to one: rows of 6, 2, 4 and 1 steps leave a rest at each join. */
function pyramidCases(): ParityCase[] {
  return ['both', 'forward'].flatMap((directions) =>
    ['last', 'mean', 'max'].map((output) => {
      const graph = new GraphBuilder();
      graph.add('tokens', 'token-input');
      graph.add('embed', 'embedding', { width: 4 }, { tokens: 'tokens.tokens' });
      graph.add('cell', 'gru-cell', { hidden: 3 });
      const join = output === 'mean' ? 3 : 2;
      graph.add('deep', 'pyramid', { layers: 2, join, directions, output }, { sequence: 'embed.sequence', cell: 'cell.cell' });
      graph.add('head', 'dense-softmax', {}, { input: 'deep.output' });
      return parityCase(`pyramid of ${join} steps · ${directions} · ${output}`, graph.document('sequence-classification'));
    }),
  );
}

const suites = {
  recurrent: recurrentCases().filter(expressible),
  layers: [...layerCases(), ...bridgeCases(), ...stackCases(), ...pyramidCases()].filter(expressible),
};
const all = Object.values(suites).flat();

const lengths = [6, 2, 4, 1];

/** Random rows padded to so many steps; padding holds other numbers than zero, because nothing may depend on it. */
function batchOf({ plan }: ParityCase, steps: number): Batch {
  const random = new Random(5, 'onnx parity');
  const junk = new Random(6, `junk ${steps}`);
  const step = (source: Random): number | readonly number[] =>
    plan.facts.features === null
      ? 1 + source.below((plan.facts.vocabulary ?? 0) - 1)
      : Array.from({ length: plan.facts.features }, () => source.normal());
  const rows = lengths.map((length) => {
    const real = Array.from({ length }, () => step(random));
    return [...real, ...Array.from({ length: steps - length }, () => step(junk))];
  });
  return { rows, lengths };
}

/** What the app gives, batch first, padding included. */
function appOutputs({ plan }: ParityCase, model: Model, { rows }: Batch): readonly number[] {
  const steps = rows[0]?.length ?? 0;
  const flat = Array.from({ length: steps }, (_, t) => rows.map((row) => row[t])).flat(2) as number[];
  const tokens = plan.facts.features === null;
  return tf.tidy(() => {
    const input = toTensors({
      steps,
      rows: rows.length,
      tokens: tokens ? Int32Array.from(flat) : null,
      series: tokens ? null : Float32Array.from(flat),
      lengths: Int32Array.from(lengths),
    });
    const raw = activated(headOf(plan).kind, model.forward(input, { training: false, dropout: null }));
    const batchFirst = everyStep(plan) ? raw.transpose([1, 0, ...raw.shape.slice(2).map((_, i) => i + 2)]) : raw;
    return [...batchFirst.dataSync()];
  });
}

/** Numbers at real steps of each row. */
function realNumbers({ plan }: ParityCase, flat: readonly number[], steps: number): number[] {
  if (!everyStep(plan)) return [...flat];
  const perRow = flat.length / lengths.length;
  return lengths.flatMap((length, row) => flat.slice(row * perRow, row * perRow + (length * perRow) / steps));
}

function difference(found: readonly number[], expected: readonly number[]): number {
  expect(found.length).toBe(expected.length);
  return expected.reduce((largest, value, i) => {
    const error = Math.abs((found[i] ?? Number.NaN) - value) / Math.max(1, Math.abs(value));
    return Number.isNaN(error) ? Number.POSITIVE_INFINITY : Math.max(largest, error);
  }, 0);
}

it('has a case for every layer kind that is not refused', () => {
  const kinds = new Set(all.flatMap((one) => one.document.nodes.map((node) => node.kind)));
  const missing = layerKinds.filter(
    (kind) => !kinds.has(kind) && !(findLayer(kind)?.family !== 'cell' && 'refused' in onnxLayer(kind)),
  );
  expect(missing).toEqual([]);
});

describe.skipIf('reason' in onnx && !required)('exports give the same numbers in onnxruntime', () => {
  const folder = mkdtempSync(join(tmpdir(), 'unroll-onnx-'));
  const app = new Map<string, readonly number[]>();
  const answers = new Map<string, Answer | { readonly error: string }>();

  beforeAll(async () => {
    if ('reason' in onnx) throw new Error(onnx.reason);
    await activateBackend('wasm');
    const folders = all.map((one, number) => {
      const parameters = initializeParameters(one.plan, 11);
      const model = new Model(one.plan, parameters);
      app.set(one.name, appOutputs(one, model, batchOf(one, 6)));
      model.dispose();
      const place = join(folder, String(number));
      mkdirSync(place);
      writeFileSync(join(place, 'model.onnx'), encodeOnnx({ ...one, parameters }));
      writeFileSync(join(place, 'case.json'), JSON.stringify({ inputs: [batchOf(one, 6), batchOf(one, 9)] }));
      return place;
    });
    const options = { input: folders.join('\n'), encoding: 'utf8', maxBuffer: 2 ** 28 } as const;
    const { stdout, stderr } = spawnSync(onnx.python, [join(import.meta.dirname, 'parity_runner.py')], options);
    const lines = stdout.trim().split('\n');
    if (lines.length !== all.length) throw new Error(`onnxruntime answered ${lines.length} of ${all.length} cases: ${stderr}`);
    all.forEach((one, i) => {
      answers.set(one.name, JSON.parse(lines[i] ?? '') as Answer);
    });
  }, 600_000);

  afterAll(() => rmSync(folder, { recursive: true, force: true }), 60_000);

  const answerOf = (name: string): Answer => {
    const answer = answers.get(name);
    if (answer === undefined) throw new Error('the case did not run');
    if ('error' in answer) throw new Error(answer.error);
    return answer;
  };

  for (const [suite, cases] of Object.entries(suites)) {
    describe(suite, () => {
      it.each(cases.map((one) => [one.name, one] as const))('%s', (name, one) => {
        const [plain = [], padded = []] = answerOf(name).outputs;
        const expected = realNumbers(one, app.get(name) ?? [], 6);
        expect(difference(realNumbers(one, plain, 6), expected), 'outputs').toBeLessThan(tolerance);
        expect(difference(realNumbers(one, padded, 9), expected), 'outputs with more padding').toBeLessThan(tolerance);
      });
    });
  }

  it('says what its inputs, its output and the values between layers are', () => {
    const tagger = answerOf('lstm · concat · depth 1 · every-step');
    expect(tagger.inputs).toEqual({ tokens: ['batch', 'time'], lengths: ['batch'] });
    expect(tagger.result).toEqual({ log_probabilities: ['batch', 'time', 3] });
    expect(tagger.values).toMatchObject({ embedding: ['time', 'batch', 4], bidirectional: ['time', 'batch', 8] });
    expect(tagger.producer).toEqual(['Unroll', 'BiLSTMTagger']);
    expect(answerOf('forecast from a series').inputs).toEqual({ series: ['batch', 'time', 3], lengths: ['batch'] });
    expect(answerOf('forecast from a series').result).toEqual({ values: ['batch', 2] });
    expect(answerOf('sigmoid head per step').result).toEqual({ probability: ['batch', 'time'] });
  });

  it('names its operators after the layers of the canvas', () => {
    const { nodes } = answerOf('lstm · concat · depth 1 · every-step');
    expect(nodes).toEqual([
      ['Transpose', 'token_input'],
      ['Gather', 'embedding'],
      ['Cast', 'lengths/int32'],
      ['LSTM', 'bidirectional/LSTM'],
      ['Transpose', 'bidirectional/side_by_side'],
      ['Reshape', 'bidirectional'],
      ['MatMul', 'dense_softmax/linear/product'],
      ['Add', 'dense_softmax/linear'],
      ['LogSoftmax', 'dense_softmax'],
      ['Transpose', 'log_probabilities'],
    ]);
  });

  it('holds what a program needs to use it alone', () => {
    const { metadata } = answerOf('lstm · concat · depth 1 · every-step');
    expect(metadata).toMatchObject({ task: 'step-tagging', classes: '["no","yes","maybe"]' });
    expect(JSON.parse(metadata['vocabulary'] ?? '')).toMatchObject({
      tokenizer: { level: 'word' },
      classes: ['no', 'yes', 'maybe'],
    });
  });
});
