import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startJavascript } from '../backends/javascript.tf.ts';
import { initializeParameters } from '../compile/initialize.ts';
import { Model, toTensors } from '../compile/materialize.tf.ts';
import { atOnce } from '../event-loop.ts';
import { customCellCases } from '../export/pytorch/custom-cell-cases.ts';
import { exportPytorch } from '../export/pytorch/export.ts';
import { findTorch } from '../export/pytorch/find-torch.ts';
import type { ParityCase } from '../export/pytorch/parity-cases.ts';
import { stackCases } from '../export/pytorch/stack-cases.ts';
import { structureCases } from '../export/pytorch/structure-cases.ts';
import { readSeries, readText } from '../predict/predict.tf.ts';
import { greedySettings, predictSequence } from '../predict/predict-sequence.tf.ts';
import { methods } from '../protocol/contract.ts';
import type { GradientOf } from '../protocol/inspect.ts';
import { Random } from '../random.ts';
import { syntheticTask } from '../training/synthetic-task.test-support.ts';
import { torchMissing } from '../training/torch-expectation.test-support.ts';
import { readArray } from './arrays.tf.ts';
import { describeSaliency } from './describe-saliency.ts';
import { exampleOf, exampleOfSplit } from './example.ts';
import { gaussLegendre } from './gauss-legendre.ts';
import { inputReaders } from './input-readers.ts';
import { type Objective, objectiveOf, stepsOfHead } from './objective.tf.ts';
import { pickedValues } from './picked-values.ts';
import { type Saliency, saliencyOf } from './saliency.tf.ts';
import { inScope } from './scope.tf.ts';
import { cellsOfTasks, withGraph } from './tasks.test-support.ts';
import { type KeptTrace, traceExample } from './trace.tf.ts';

beforeAll(async () => {
  await startJavascript();
});

async function tracedCase({ plan, encoding, document }: ParityCase): Promise<KeptTrace> {
  const random = new Random(4, 'saliency');
  const model = new Model(plan, initializeParameters(plan, 3));
  const subject = { run: 'r', weights: 'best', step: 1, model, encoding, training: document.training } as const;
  const { features, image } = plan.facts;
  const input =
    features === null
      ? readText(encoding, 'the cat and kate teach')
      : readSeries(
          encoding,
          Array.from({ length: image && plan.task === 'sequence-to-sequence' ? 1 : 5 }, () =>
            Array.from({ length: features }, () => 3 * random.normal()),
          ),
        );
  const [said] = plan.task === 'sequence-to-sequence' ? await predictSequence(subject, input, greedySettings) : [];
  return traceExample(subject, exampleOf(encoding, input, null, said ?? null));
}

/** What the network says last, in the middle of what it says. */
function pickedOf({ subject, example, prediction }: KeptTrace): GradientOf {
  if (prediction.kind === 'numbers') return { kind: 'class', class: prediction.names.at(-1) ?? '' };
  const { classes } = subject.encoding;
  const steps = stepsOfHead(subject.model.plan, example.batch);
  return { kind: 'class', class: classes?.at(-1) ?? '', ...(steps === null ? {} : { step: Math.floor(steps / 2) }) };
}

const near = (what: string, ours: ArrayLike<number>, theirs: readonly number[], within: number): void => {
  expect(ours.length, what).toBe(theirs.length);
  const scale = Math.max(1e-2, ...theirs.map(Math.abs));
  for (const [t, value] of theirs.entries())
    expect(Math.abs((ours[t] ?? Number.NaN) - value) / scale, `${what} ${t}`).toBeLessThan(within);
};

/** Of which PyTorch is asked: those whose input it can be kept from at a module of its own. */
const asked = [...structureCases(), ...stackCases(), ...customCellCases().filter((_, at) => at % 6 === 0)]
  .filter(({ plan }) =>
    plan.modules
      .filter(({ id }) => inputReaders(plan.modules).has(id))
      .every(({ kind }) => /embedding|^(series|token|target)-input/.test(kind)),
  )
  .filter((_, at) => at % 4 === 0);

describe.skipIf(torchMissing() !== null)('which steps matter, as PyTorch’s autograd has it of the exported network', () => {
  const folder = mkdtempSync(join(tmpdir(), 'unroll-saliency-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const ours = new Map<string, Saliency>();
  const theirs = new Map<string, Record<string, number[] & number> | { error: string }>();

  beforeAll(async () => {
    const torch = findTorch();
    if ('reason' in torch) throw new Error(torch.reason);
    const folders: string[] = [];
    for (const [number, one] of asked.entries()) {
      const trace = await tracedCase(one);
      const { subject, example } = trace;
      const objective = objectiveOf(subject, example, pickedOf(trace));
      const found = atOnce(saliencyOf(trace, objective));
      ours.set(one.name, found);
      const parameters = await subject.model.read();
      subject.model.dispose();
      const files = exportPytorch({ ...one, parameters, goldens: { batches: [], predictions: [] } });
      const place = join(folder, String(number));
      mkdirSync(place);
      for (const name of ['model.py', 'weights.py', 'config.json', 'model.safetensors'])
        writeFileSync(join(place, name), files.get(name) ?? '');
      writeFileSync(join(place, 'case.json'), JSON.stringify({ ...caseOf(one, trace, objective), points: found.points }));
      folders.push(place);
    }
    const env = { ...process.env, PYTHONDONTWRITEBYTECODE: '1' };
    const options = { input: folders.join('\n'), encoding: 'utf8', maxBuffer: 2 ** 28, env } as const;
    const { stdout, stderr } = spawnSync(
      torch.python,
      [join(import.meta.dirname, '../export/pytorch/saliency_runner.py')],
      options,
    );
    const lines = stdout.trim().split('\n');
    if (lines.length !== asked.length) throw new Error(`PyTorch answered ${lines.length} of ${asked.length} cases: ${stderr}`);
    for (const [at, { name }] of asked.entries()) theirs.set(name, JSON.parse(lines[at] ?? '{}'));
  }, 600_000);

  it.each(asked)('$name', ({ name }) => {
    const [own, torch] = [ours.get(name), theirs.get(name)];
    if (own === undefined || torch === undefined || 'error' in torch) throw new Error(String(torch?.['error']));
    near('value', [own.value, own.without], [torch['value'], torch['without']] as number[], 1e-4);
    for (const method of ['gradient', 'integrated', 'occlusion'] as const) near(method, own[method], torch[method] ?? [], 3e-3);
  });
});

function caseOf({ plan }: ParityCase, { example }: KeptTrace, objective: Objective): object {
  const readers = inputReaders(plan.modules);
  const { tokens, series, steps, target } = example.batch;
  if (objective.kind === 'error') throw new Error('no loss is asked for');
  const [term] = objective.terms;
  return {
    rows: tokens
      ? [...tokens]
      : Array.from({ length: steps }, (_, t) =>
          [...(series ?? [])].slice((t * (series?.length ?? 0)) / steps, ((t + 1) * (series?.length ?? 0)) / steps),
        ),
    readers: plan.modules.filter(({ id, kind }) => readers.has(id) && kind === 'embedding').map(({ name }) => name),
    target: target ? [...target.inputs] : null,
    step: term !== undefined && 'step' in term && stepsOfHead(plan, example.batch) !== null ? term.step : null,
    id: term === undefined ? 0 : 'id' in term ? term.id : term.index,
  };
}

/** The picked number with the numbers of one step multiplied, by the network as it runs when nobody looks. */
function scaledValue(trace: KeptTrace, objective: Objective, step: number, factor: number): number {
  const { batch } = trace.example;
  const width = (batch.series?.length ?? 0) / batch.steps;
  return valueWith(trace, objective, (one, at) => (Math.floor(at / width) === step ? one * factor : one));
}

function valueWith({ subject, example }: KeptTrace, objective: Objective, number: (one: number, at: number) => number): number {
  const { batch } = example;
  const series = batch.series?.map(number) ?? null;
  const logits = inScope(() => readArray(subject.model.forward(toTensors({ ...batch, series }), { dropout: null })));
  return pickedValues(subject, batch, objective, logits)[0] ?? Number.NaN;
}

describe('which steps matter', () => {
  const pictures = structureCases().filter(({ plan }) => plan.facts.features !== null);
  it.each(pictures)('of numbers are those whose change changes what is said: $name', async (one) => {
    const trace = await tracedCase(one);
    const objective = objectiveOf(trace.subject, trace.example, pickedOf(trace));
    const before = tf.memory().numTensors;
    const found = atOnce(saliencyOf(trace, objective));
    expect(tf.memory().numTensors).toBe(before);
    const steps = Array.from(found.occlusion, (_, t) => t);
    const differences = steps.map(
      (t) => (scaledValue(trace, objective, t, 1.01) - scaledValue(trace, objective, t, 0.99)) / 0.02,
    );
    near('gradient', found.gradient, differences, 2e-2);
    near(
      'occlusion',
      found.occlusion,
      steps.map((t) => found.value - scaledValue(trace, objective, t, 0)),
      1e-4,
    );
    const { pixels } = describeSaliency(trace.subject, objective, found);
    expect(pixels !== null).toBe(trace.example.batch.steps === 1);
    if (pixels !== null) {
      const image = trace.subject.model.plan.facts.image ?? { width: 0, height: 0, channels: 1 };
      expect(pixels.gradient.shape).toEqual([image.height, image.width]);
      const shades = Buffer.from(pixels.gradient.data, 'base64');
      const own = Array.from({ length: image.height * image.width }, (_, pixel) => shades.readFloatLE(4 * pixel));
      const of = (pixel: number, factor: number): number =>
        valueWith(trace, objective, (one, at) => (Math.floor(at / image.channels) === pixel ? one * factor : one));
      near(
        'pixels',
        own,
        own.map((_, pixel) => (of(pixel, 1.02) - of(pixel, 0.98)) / 0.04),
        3e-2,
      );
    }
    trace.subject.model.dispose();
  });

  async function tracedTask(task: ReturnType<typeof syntheticTask>): Promise<KeptTrace> {
    const { plan, data, document } = task;
    const model = new Model(plan, initializeParameters(plan, 3));
    const { encoding, splits } = data;
    const subject = { run: 'r', weights: 'best', step: 7, model, encoding, training: document.training } as const;
    return traceExample(subject, exampleOfSplit(encoding, splits.test, 3));
  }
  const saliencyFor = (trace: KeptTrace, of: GradientOf) => {
    const objective = objectiveOf(trace.subject, trace.example, of);
    return methods['inspect.saliency'].result.parse(
      describeSaliency(trace.subject, objective, atOnce(saliencyOf(trace, objective))),
    );
  };

  it.each(cellsOfTasks)('for the loss of tags is the mean of those for each tag: $title', async (cell) => {
    const trace = await tracedTask(withGraph(syntheticTask('step-tagging', {}, 20), cell, {}));
    const loss = saliencyFor(trace, { kind: 'loss' });
    const { steps } = trace.example.batch;
    const each = Array.from({ length: steps }, (_, step) => saliencyFor(trace, { kind: 'step', step }));
    const mean = (of: (one: typeof loss) => number): number => each.reduce((sum, one) => sum + of(one), 0) / steps;
    expect(loss.unit).toBe('nats');
    expect(loss.value).toBeCloseTo(
      mean(({ value }) => value),
      6,
    );
    for (const method of ['gradient', 'integrated', 'occlusion'] as const)
      near(
        method,
        loss[method],
        loss[method].map((_, t) => mean((one) => one[method][t] ?? Number.NaN)),
        5e-3,
      );
    // Nothing reads forwards what comes later.
    expect(each[0]?.occlusion.slice(1).every((one) => one === 0)).toBe(true);
    expect(loss.integrated.reduce((sum, one) => sum + one, 0) - (loss.value - loss.without)).toBeCloseTo(loss.error, 6);
    trace.subject.model.dispose();
  });

  it('is told in the data’s own unit', async () => {
    const trace = await tracedTask(syntheticTask('forecasting', { loss: 'rmse' }, 20));
    const objective = objectiveOf(trace.subject, trace.example, { kind: 'class', class: 'y' });
    const [said] = trace.prediction.kind === 'numbers' ? trace.prediction.values : [];
    const found = saliencyFor(trace, { kind: 'class', class: 'y' });
    expect(found).toMatchObject({ unit: 'data', zero: 'mean', exact: true });
    expect(found.value).toBeCloseTo(said ?? Number.NaN, 5);
    const steps = found.occlusion.map((_, t) => t);
    // Its deviation is 2.
    near(
      'occlusion',
      found.occlusion,
      steps.map((t) => 2 * (scaledValue(trace, objective, t, 1) - scaledValue(trace, objective, t, 0))),
      1e-4,
    );
    const error = objectiveOf(trace.subject, trace.example, { kind: 'loss' });
    const slopes = steps.map((t) => (scaledValue(trace, error, t, 1.01) - scaledValue(trace, error, t, 0.99)) / 0.02);
    const loss = saliencyFor(trace, { kind: 'loss' });
    expect(loss.unit).toBe('loss');
    near('gradient of the loss', loss.gradient, slopes, 2e-2);
    trace.subject.model.dispose();
  });
});

it('a polynomial is integrated exactly', () => {
  for (const count of [1, 2, 5, 8, 512]) {
    const { nodes, weights } = gaussLegendre(count);
    const integral = (power: number): number => nodes.reduce((sum, x, k) => sum + (weights[k] ?? 0) * x ** power, 0);
    for (let power = 0; power < 2 * count; power++) expect(integral(power), `${count} ${power}`).toBeCloseTo(1 / (power + 1), 12);
    expect([...nodes]).toEqual([...nodes].sort((a, b) => a - b));
  }
});
