import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { activateBackend } from '../../backends/choose.tf.ts';
import { initializeParameters } from '../../compile/initialize.ts';
import { Model, toTensors } from '../../compile/materialize.tf.ts';
import { layerKinds } from '../../layers/registry.ts';
import { Random } from '../../random.ts';
import { blockCases } from '../pytorch/block-cases.ts';
import { customCellCases } from '../pytorch/custom-cell-cases.ts';
import { activated } from '../pytorch/goldens.tf.ts';
import { layerCases, type ParityCase, recurrentCases } from '../pytorch/parity-cases.ts';
import { structureCases } from '../pytorch/structure-cases.ts';
import { everyStep, headOf } from '../pytorch/torch-plan.ts';
import { attends } from './border.ts';
import { encodeOnnx } from './export.ts';
import { findOnnx } from './find-onnx.ts';

import { bridgeCases, stackCases } from './wrapper-cases.ts';

const tolerance = 1e-4;
const onnx = findOnnx();
if ('reason' in onnx) console.warn(`ONNX parity skipped: ${onnx.reason}`);
const required = process.env['UNROLL_REQUIRE_ALL'] === '1';

type Row = readonly (number | readonly number[])[];

interface Batch {
  readonly rows: readonly Row[];
  readonly lengths: readonly number[];
  /** Previous target tokens and their lengths, of an encoder–decoder. */
  readonly targets?: readonly (readonly number[])[];
  readonly targetLengths?: readonly number[];
}

interface Answer {
  /** One flat list for each input, batch first, padding included. */
  readonly outputs: readonly (readonly number[])[];
  /** Of the first input, said step by step through the step graphs; `null` where there are none. */
  readonly steps: readonly number[] | null;
  /** Likewise the alignments of the first input: of the whole graph, and step by step. */
  readonly alignments: readonly (readonly number[])[] | null;
  readonly inputs: Readonly<Record<string, readonly (string | number)[]>>;
  readonly result: Readonly<Record<string, readonly (string | number)[]>>;
  readonly values: Readonly<Record<string, readonly (string | number)[]>>;
  readonly nodes: readonly (readonly [string, string])[];
  readonly metadata: Readonly<Record<string, string>>;
  readonly producer: readonly [string, string];
}

const suites = {
  recurrent: recurrentCases(),
  layers: [...layerCases(), ...bridgeCases(), ...stackCases()],
  structures: structureCases(),
  blocks: blockCases(),
  customCells: customCellCases(),
};
const all = Object.values(suites).flat();

const lengths = [6, 2, 4, 1];
const targetLengths = [3, 5, 1, 4];

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
  if (plan.task !== 'sequence-to-sequence') return { rows, lengths };
  const token = (source: Random): number => 4 + source.below((plan.facts.classes ?? 0) - 4);
  const targets = targetLengths.map((length) => [
    2,
    ...Array.from({ length: length - 1 }, () => token(random)),
    ...Array.from({ length: steps - length }, () => token(junk)),
  ]);
  return { rows, lengths, targets, targetLengths };
}

/** What the app gives, batch first, padding included. */
function appOutputs({ plan }: ParityCase, model: Model, { rows, targets }: Batch): readonly number[] {
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
      target: targets
        ? {
            steps,
            inputs: Int32Array.from(
              { length: steps * rows.length },
              (_, i) => targets[i % rows.length]?.[Math.floor(i / rows.length)] ?? 0,
            ),
            lengths: Int32Array.from(targetLengths),
          }
        : null,
    });
    const raw = activated(headOf(plan).kind, model.forward(input, { dropout: null }));
    const batchFirst = everyStep(plan) ? raw.transpose([1, 0, ...raw.shape.slice(2).map((_, i) => i + 2)]) : raw;
    return [...batchFirst.dataSync()];
  });
}

/** Numbers at real steps of each row. */
function realNumbers({ plan }: ParityCase, flat: readonly number[], steps: number): number[] {
  if (!everyStep(plan)) return [...flat];
  const perRow = flat.length / lengths.length;
  const real = plan.task === 'sequence-to-sequence' ? targetLengths : lengths;
  return real.flatMap((length, row) => flat.slice(row * perRow, row * perRow + (length * perRow) / steps));
}

function difference(found: readonly number[], expected: readonly number[]): number {
  expect(found.length).toBe(expected.length);
  return expected.reduce((largest, value, i) => {
    const error = Math.abs((found[i] ?? Number.NaN) - value) / Math.max(1, Math.abs(value));
    return Number.isNaN(error) ? Number.POSITIVE_INFINITY : Math.max(largest, error);
  }, 0);
}

it('has a case for every layer kind', () => {
  const kinds = new Set(all.flatMap((one) => one.document.nodes.map((node) => node.kind)));
  expect(layerKinds.filter((kind) => !kinds.has(kind))).toEqual([]);
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
      for (const [name, content] of encodeOnnx({ ...one, parameters })) writeFileSync(join(place, name), content);
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
        const { steps, alignments } = answerOf(name);
        expect(steps !== null).toBe(one.plan.task === 'sequence-to-sequence' || one.plan.task === 'language-model');
        if (steps) expect(difference(realNumbers(one, steps, 6), expected), 'outputs step by step').toBeLessThan(tolerance);
        expect(alignments !== null).toBe(attends(one.plan));
        const [whole = [], stepwise = []] = (alignments ?? []).map((flat) => realNumbers(one, flat, 6));
        expect(difference(stepwise, whole), 'alignment step by step').toBeLessThan(tolerance);
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
