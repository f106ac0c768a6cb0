import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { activateBackend } from '../../backends/choose.tf.ts';
import { initializeParameters } from '../../compile/initialize.ts';
import { Model, toTensors } from '../../compile/materialize.tf.ts';
import type { NamedTensor } from '../../files/safetensors.ts';
import { layerKinds } from '../../layers/registry.ts';
import { Random } from '../../random.ts';
import { blockCases } from './block-cases.ts';
import { customCellCases } from './custom-cell-cases.ts';
import { exportPytorch } from './export.ts';
import { findTorch } from './find-torch.ts';
import { activated } from './goldens.tf.ts';
import { layerCases, type ParityCase, recurrentCases } from './parity-cases.ts';
import { stackCases } from './stack-cases.ts';
import { stateDict } from './state-dict.ts';
import { structureCases } from './structure-cases.ts';
import { everyStep, headOf, headWidth } from './torch-plan.ts';

const tolerance = 1e-5;
/** Random equations may make much of a last digit, as may a layer norm of numbers that are nearly equal: PyTorch in float32 is as far from itself in float64. */
const looseTolerance = 1e-4;
const torch = findTorch();
if ('reason' in torch) console.warn(`export parity skipped: ${torch.reason}`);
const required = process.env['UNROLL_REQUIRE_ALL'] === '1';

interface Numbers {
  /** Batch first, padding included. */
  readonly outputs: readonly number[];
  /** By the names of the state dict. */
  readonly gradients: Readonly<Record<string, readonly number[]>>;
}

interface TorchNumbers {
  readonly outputs: readonly number[];
  /** `null` for a frozen parameter. */
  readonly gradients: Readonly<Record<string, readonly number[] | null>>;
}

/** A padded batch of random rows, and a coefficient for every real output: the loss is their product, summed. */
function batchOf({ plan }: ParityCase) {
  const random = new Random(5, 'parity batch');
  const lengths = [6, 2, 4, 1];
  const steps = Math.max(...lengths);
  const target = plan.task === 'sequence-to-sequence' ? targetOf(plan, random) : null;
  const outputs = target?.lengths ?? lengths;
  const outputSteps = Math.max(...outputs);
  const width = plan.facts.features;
  const rows = lengths.map((length) =>
    Array.from({ length: steps }, (_, t) =>
      width === null
        ? t < length
          ? 1 + random.below((plan.facts.vocabulary ?? 0) - 1)
          : 0
        : Array.from({ length: width }, () => (t < length ? random.normal() : 0)),
    ),
  );
  const shape = headOf(plan).kind === 'dense-sigmoid' ? [] : [headWidth(plan)];
  const values = (): unknown =>
    shape.length === 0 ? random.normal() : Array.from({ length: shape[0] ?? 0 }, () => random.normal());
  const none = (): unknown => (shape.length === 0 ? 0 : Array.from({ length: shape[0] ?? 0 }, () => 0));
  const coefficients = outputs.map((length) =>
    everyStep(plan) ? Array.from({ length: outputSteps }, (_, t) => (t < length ? values() : none())) : values(),
  );
  return { rows, lengths, coefficients, target };
}

/** Previous target tokens, `<bos>` first, padded with 0. */
function targetOf(
  plan: ParityCase['plan'],
  random: Random,
): { readonly rows: readonly number[][]; readonly lengths: readonly number[] } {
  const lengths = [3, 5, 1, 4];
  const token = (t: number): number => (t === 0 ? 2 : 4 + random.below((plan.facts.classes ?? 0) - 4));
  return { lengths, rows: lengths.map((length) => Array.from({ length: 5 }, (_, t) => (t < length ? token(t) : 0))) };
}

type ParityBatch = ReturnType<typeof batchOf>;

function appNumbers(one: ParityCase, parameters: ReadonlyMap<string, NamedTensor>, batch: ParityBatch): Numbers {
  const { plan } = one;
  const [steps, count] = [batch.rows[0]?.length ?? 0, batch.rows.length];
  const timeMajor = Array.from({ length: steps }, (_, t) => batch.rows.map((row) => row[t]));
  const flat = timeMajor.flat(2) as number[];
  const tokens = plan.facts.features === null;
  const model = new Model(plan, parameters);
  let outputs: readonly number[] = [];
  const gradients = new Map<string, NamedTensor>();
  tf.tidy(() => {
    const input = toTensors({
      steps,
      rows: count,
      tokens: tokens ? Int32Array.from(flat) : null,
      series: tokens ? null : Float32Array.from(flat),
      lengths: Int32Array.from(batch.lengths),
      target: batch.target && {
        steps: 5,
        inputs: Int32Array.from({ length: 5 * count }, (_, at) => batch.target?.rows[at % count]?.[Math.floor(at / count)] ?? 0),
        lengths: Int32Array.from(batch.target.lengths),
      },
    });
    const run = (): tf.Tensor => {
      const raw = activated(headOf(plan).kind, model.forward(input, { dropout: null }));
      return everyStep(plan) ? raw.transpose([1, 0, ...raw.shape.slice(2).map((_, i) => i + 2)]) : raw;
    };
    outputs = [...run().dataSync()];
    const trainable = [...model.variables.values()].filter((variable) => variable.trainable);
    const { grads } = tf.variableGrads(
      () => tf.sum(run().mul(tf.tensor(batch.coefficients as number[]))) as tf.Scalar,
      trainable,
    );
    for (const [name, variable] of model.variables) {
      const gradient = grads[variable.name];
      const data = gradient === undefined ? new Float32Array(variable.size) : Float32Array.from(gradient.dataSync());
      gradients.set(name, { dtype: 'F32', shape: variable.shape, data });
    }
  });
  model.dispose();
  const mapped = [...stateDict(plan, gradients)].map(([name, tensor]): [string, number[]] => [name, [...tensor.data]]);
  return { outputs, gradients: Object.fromEntries(mapped) };
}

/** Largest difference, relative where numbers are larger than 1; only real outputs count. */
function difference(
  found: readonly number[],
  expected: readonly number[],
  counts: (index: number) => boolean = () => true,
): number {
  expect(found.length).toBe(expected.length);
  let largest = 0;
  expected.forEach((value, i) => {
    if (!counts(i)) return;
    const error = Math.abs((found[i] ?? Number.NaN) - value) / Math.max(1, Math.abs(value));
    largest = Number.isNaN(error) ? Number.POSITIVE_INFINITY : Math.max(largest, error);
  });
  return largest;
}

const suites = {
  recurrent: recurrentCases(),
  stacks: stackCases(),
  layers: layerCases(),
  structures: structureCases(),
  blocks: blockCases(),
  customCells: customCellCases(),
};

it('has a case for every layer kind', () => {
  const kinds = new Set(
    Object.values(suites)
      .flat()
      .flatMap((one) => one.document.nodes.map((node) => node.kind)),
  );
  expect(layerKinds.filter((kind) => !kinds.has(kind))).toEqual([]);
});

describe.skipIf('reason' in torch && !required)('exports give the same numbers in real PyTorch', () => {
  const folder = mkdtempSync(join(tmpdir(), 'unroll-parity-'));
  const app = new Map<string, Numbers>();
  const python = new Map<string, TorchNumbers | { readonly error: string }>();
  const batches = new Map<string, ParityBatch>();

  beforeAll(async () => {
    if ('reason' in torch) throw new Error(torch.reason);
    await activateBackend('wasm');
    const all = Object.values(suites).flat();
    const folders = all.map((one, number) => {
      const parameters = initializeParameters(one.plan, 11);
      const batch = batchOf(one);
      app.set(one.name, appNumbers(one, parameters, batch));
      batches.set(one.name, batch);
      const files = exportPytorch({ ...one, parameters, goldens: { batches: [], predictions: [] } });
      const place = join(folder, String(number));
      mkdirSync(place);
      for (const name of ['model.py', 'weights.py', 'config.json', 'model.safetensors']) {
        writeFileSync(join(place, name), files.get(name) ?? '');
      }
      writeFileSync(join(place, 'case.json'), JSON.stringify(batch));
      return place;
    });
    const env = { ...process.env, PYTHONDONTWRITEBYTECODE: '1' };
    const options = { input: folders.join('\n'), encoding: 'utf8', maxBuffer: 2 ** 28, env } as const;
    const { stdout, stderr } = spawnSync(torch.python, [join(import.meta.dirname, 'parity_runner.py')], options);
    const lines = stdout.trim().split('\n');
    if (lines.length !== all.length) throw new Error(`PyTorch answered ${lines.length} of ${all.length} cases: ${stderr}`);
    all.forEach((one, i) => {
      python.set(one.name, JSON.parse(lines[i] ?? '') as TorchNumbers);
    });
  }, 300_000);

  afterAll(() => rmSync(folder, { recursive: true, force: true }), 60_000);

  for (const [suite, cases] of Object.entries(suites)) {
    describe(suite, () => {
      it.each(cases.map((one) => [one.name, one] as const))('%s', (name, { plan }) => {
        const limit = /^random cell|layer norm · /.test(name) ? looseTolerance : tolerance;
        const [ours, theirs, batch] = [app.get(name), python.get(name), batches.get(name)];
        if (ours === undefined || theirs === undefined || batch === undefined) throw new Error('the case did not run');
        if ('error' in theirs) throw new Error(theirs.error);
        const perRow = theirs.outputs.length / batch.rows.length;
        const [steps, lengths] = [batch.target?.rows[0] ?? batch.rows[0], batch.target?.lengths ?? batch.lengths];
        const perStep = perRow / (steps?.length ?? 1);
        const real = (i: number): boolean => (i % perRow) / perStep < (lengths[Math.floor(i / perRow)] ?? 0);
        expect(difference(theirs.outputs, ours.outputs, everyStep(plan) ? real : undefined), 'outputs').toBeLessThan(limit);
        expect(Object.keys(theirs.gradients).sort(), 'parameters').toEqual(Object.keys(ours.gradients).sort());
        for (const [parameter, gradient] of Object.entries(ours.gradients)) {
          const found = theirs.gradients[parameter];
          if (found === null || found === undefined)
            expect(Math.max(...gradient.map(Math.abs)), `gradient of ${parameter}`).toBe(0);
          else expect(difference(found, gradient), `gradient of ${parameter}`).toBeLessThan(limit);
        }
      });
    });
  }
});
