import '../backends/gradients.tf.ts';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compilePlan } from '../compile/compile-plan.ts';
import { initializeParameters } from '../compile/initialize.ts';
import { Model, toTensors } from '../compile/materialize.tf.ts';
import type { Plan } from '../compile/plan.ts';
import type { NamedTensor } from '../files/safetensors.ts';
import { portKey } from '../graph/infer-shapes.ts';
import { Random } from '../random.ts';
import type { ValueType } from '../shapes/value-type.ts';
import type { TargetSequences } from './batch-input.ts';
import type { Value } from './builder.tf.ts';
import { contractCases } from './contract/cases.ts';
import type { ContractCase } from './contract/graph.ts';
import { pictureSize } from './picture-size.ts';
import { parameterName } from './plan-module.ts';
import { findLayer, isLayerKind, layerKinds } from './registry.ts';

const lengths = Int32Array.from([4, 2, 3]);
const rows = lengths.length;

/** The same examples with `steps` steps; what stands at padding differs with the padding, to show that it does not matter. */
function batchOf(plan: Plan, steps: number): Parameters<typeof toTensors>[0] {
  const real = new Random(21, 'real');
  const width = plan.facts.features ?? 0;
  const tokens = new Int32Array(steps * rows);
  const series = new Float32Array(steps * rows * width);
  for (let t = 0; t < steps; t++) {
    for (let b = 0; b < rows; b++) {
      const padding = t >= (lengths[b] ?? 0);
      if (t < 4) {
        const id = 1 + real.below(6);
        tokens[t * rows + b] = padding ? (steps + t) % 7 : id;
      } else tokens[t * rows + b] = (steps + t) % 7;
      for (let f = 0; f < width; f++) series[(t * rows + b) * width + f] = padding ? 50 + steps : real.normal();
    }
  }
  const numeric = plan.facts.features !== null;
  return { steps, rows, lengths, tokens: numeric ? null : tokens, series: numeric ? series : null, target: targetOf(plan) };
}

/** What a decoder reads: the same for any padding of the input. */
function targetOf(plan: Plan): TargetSequences | null {
  if (plan.task !== 'sequence-to-sequence') return null;
  const random = new Random(22, 'target');
  const inputs = Int32Array.from({ length: 4 * rows }, (_, at) =>
    Math.floor(at / rows) < (lengths[at % rows] ?? 0) ? 1 + random.below(4) : 0,
  );
  return { steps: 4, inputs, lengths };
}

function planOf({ document, facts }: ContractCase): Plan {
  const result = compilePlan(document, facts);
  if (!result.ok) throw new Error(result.problems.map((problem) => `${problem.node}: ${problem.message}`).join('; '));
  return result.plan;
}

/** Parameters of ordinary size everywhere, so that no gradient is small because a bias started at zero. */
function parametersOf(plan: Plan): Map<string, NamedTensor> {
  const parameters = initializeParameters(plan, 3);
  for (const [name, tensor] of parameters) {
    if (name.endsWith('embedding.weight')) continue;
    const random = new Random(4, name);
    // Input biases lean to the positive side: a relu cell none of whose units ever opens would have no gradient to check.
    const lean = name.includes('bias_ih') ? 0.4 : name.includes('.b_') ? 0.8 : 0;
    for (let i = 0; i < tensor.data.length; i++) tensor.data[i] = lean + random.normal() * 0.6;
  }
  return parameters;
}

/** Weights of the score's terms: by step (up to 4), row and class; nothing at padding. */
function scoreWeights(shape: readonly number[], steps: number): Float32Array {
  const random = new Random(8, 'score');
  const classes = shape.at(-1) ?? 1;
  const perStep = shape.length === 3;
  return Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, index) => {
    const t = Math.floor(index / (rows * classes));
    const b = Math.floor(index / classes) % rows;
    if (!perStep) return random.normal();
    if (t >= Math.min(4, steps)) return 0;
    const weight = random.normal();
    return t < (lengths[b] ?? 0) ? weight : 0;
  });
}

const mode = () => ({ dropout: new Random(9) });

/** The score in double precision from the model's outputs. */
function score(model: Model, batch: ReturnType<typeof batchOf>): number {
  return tf.tidy(() => {
    const logits = model.forward(toTensors(batch), mode());
    const weights = scoreWeights(logits.shape, batch.steps);
    return [...logits.dataSync()].reduce((sum, value, i) => sum + value * (weights[i] ?? 0), 0);
  });
}

function gradients(model: Model, batch: ReturnType<typeof batchOf>): Map<string, Float32Array> {
  const found = new Map<string, Float32Array>();
  tf.tidy(() => {
    const input = toTensors(batch);
    const trained = [...model.variables].filter(([, variable]) => variable.trainable);
    const { grads } = tf.variableGrads(
      () => {
        const logits = model.forward(input, mode());
        return tf.sum(tf.mul(logits, tf.tensor(scoreWeights(logits.shape, batch.steps), logits.shape))) as tf.Scalar;
      },
      trained.map(([, variable]) => variable),
    );
    for (const [name, variable] of trained) {
      found.set(name, Float32Array.from(grads[variable.name]?.dataSync() ?? []));
    }
  });
  return found;
}

/** Central differences of the score along a direction, with a step and its half: `coarse` and `fine`. */
interface Slopes {
  readonly fine: number;
  readonly coarse: number;
}

/** By Richardson: the error falls with step⁴. */
const extrapolated = ({ fine, coarse }: Slopes): number => (4 * fine - coarse) / 3;
const doubt = ({ fine, coarse }: Slopes): number => Math.abs(fine - coarse);

/**
 * Derivative of the score along a direction, by Richardson's central differences. Where the larger step crosses a kink (of relu, of a
 * maximum) its two differences disagree, so the step whose differences agree best counts. Two differences are not taken where one of
 * them alone agrees with the gradient.
 */
function differences(
  model: Model,
  batch: ReturnType<typeof batchOf>,
  name: string,
  direction: Float32Array,
  agrees: (slope: number) => boolean,
): number {
  const variable = model.variables.get(name);
  if (variable === undefined) throw new Error(name);
  const start = variable.dataSync().slice();
  const assign = (values: ReturnType<typeof variable.dataSync>): void => {
    const tensor = tf.tensor(values, variable.shape);
    variable.assign(tensor);
    tensor.dispose();
  };
  const at = (step: number): number => {
    assign(Float32Array.from(start, (value, i) => value + step * (direction[i] ?? 0)));
    return score(model, batch);
  };
  const central = (step: number): number => (at(step) - at(-step)) / (2 * step);
  const measure = (): number => {
    const fine = central(0.004);
    if (agrees(fine)) return fine;
    const larger = { fine, coarse: central(0.008) };
    const smaller = doubt(larger) > 1e-4 ? { fine: central(0.001), coarse: central(0.002) } : larger;
    return extrapolated(doubt(smaller) < doubt(larger) - 1e-4 ? smaller : larger);
  };
  const measured = measure();
  assign(start);
  return measured;
}

function builtShape(value: Value): readonly (readonly number[])[] {
  return value.type === 'state' ? value.layers.flatMap((parts) => parts.map((part) => part.shape)) : [value.tensor.shape];
}

function inferredShape(type: ValueType, steps: number): readonly (readonly (number | null)[])[] {
  switch (type.type) {
    case 'tokens':
      return [[steps, rows]];
    case 'sequence':
      return [[steps, rows, type.features]];
    case 'vector':
      return [[rows, type.features]];
    case 'pictures': {
      const { height, width, channels } = pictureSize(type);
      return [[type.time === null ? rows : steps * rows, height, width, channels]];
    }
    case 'state':
      return Array.from({ length: type.layers }, () => type.parts.map((part) => [rows, part.width])).flat();
    case 'cell':
      return [];
  }
}

describe('settings of each kind', () => {
  it.each([...layerKinds])('%s: defaults survive a round trip, and every field says what it is', (kind) => {
    const layer = findLayer(kind);
    const defaults = layer?.config.parse({});
    expect(layer?.config.parse(JSON.parse(JSON.stringify(defaults)))).toEqual(defaults);
    expect(layer?.config.safeParse({ ...defaults, surprise: 1 }).success).toBe(false);
    for (const field of Object.values(layer?.config.shape ?? {})) {
      const meta = (field as { meta(): { title?: string; description?: string } | undefined }).meta();
      expect(meta?.title).toBeTruthy();
      expect(meta?.description).toBeTruthy();
    }
  });

  it('is checked on every kind', () => {
    const covered = new Set(contractCases.flatMap(({ document }) => document.nodes.map((node) => node.kind)));
    expect([...covered].filter(isLayerKind).sort()).toEqual([...layerKinds].sort());
  });
});

describe.each(contractCases.map((each) => [each.name, each] as const))('%s', (_name, contractCase) => {
  let plan: Plan;
  let model: Model;
  let batch: ReturnType<typeof batchOf>;
  let found: Map<string, Float32Array>;
  beforeAll(async () => {
    await tf.setBackend('cpu');
    plan = planOf(contractCase);
    model = new Model(plan, parametersOf(plan));
    batch = batchOf(plan, 4);
    found = gradients(model, batch);
  });
  afterAll(() => model.dispose());

  it('builds the shapes that were inferred', () => {
    tf.tidy(() => {
      const values = model.values(toTensors(batch), mode());
      let compared = 0;
      for (const module of plan.modules) {
        for (const [port, type] of Object.entries(module.outputTypes)) {
          const value = values.get(portKey(module.id, port));
          if (value === undefined) continue;
          expect(value.type).toBe(type.type);
          expect(builtShape(value)).toEqual(inferredShape(type, 4));
          compared += 1;
        }
      }
      expect(compared).toBeGreaterThanOrEqual(plan.modules.length - 1);
    });
  });

  it('has the gradient that finite differences give, and it reaches every weight', () => {
    for (const module of plan.modules) {
      for (const spec of module.parameters.filter((parameter) => parameter.trainable)) {
        const name = parameterName(module, spec);
        const gradient = found.get(name);
        if (gradient === undefined) throw new Error(`no gradient for ${name}`);
        const largest = gradient.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
        expect(largest, name).toBeGreaterThan(1e-4);
        const width = gradient.length / (spec.shape[0] ?? 1);
        const random = new Random(6, name);
        const direction = Float32Array.from(gradient, (_, i) =>
          spec.zeroRow !== undefined && Math.floor(i / width) === spec.zeroRow ? 0 : random.normal() / Math.sqrt(gradient.length),
        );
        const along = gradient.reduce((sum, value, i) => sum + value * (direction[i] ?? 0), 0);
        const within = 1e-3 * Math.max(largest, Math.abs(along)) + 2e-4;
        const agrees = (slope: number): boolean => Math.abs(along - slope) < within;
        const measured = differences(model, batch, name, direction, agrees);
        expect(agrees(measured), `${name}: ${along} against ${measured}`).toBe(true);
      }
    }
  });

  it('does not notice more padding, nor what stands there', () => {
    const loose = batchOf(plan, 7);
    expect(score(model, loose)).toBeCloseTo(score(model, batch), 5);
    const padded = gradients(model, loose);
    for (const [name, values] of found) {
      const other = padded.get(name);
      const distances = Array.from(values, (value, i) => Math.abs(value - (other?.[i] ?? Number.POSITIVE_INFINITY)));
      expect(Math.max(...distances), name).toBeLessThan(1e-5);
    }
    const embedding = found.get('embedding.weight');
    if (embedding !== undefined) expect([...embedding.subarray(0, 3)]).toEqual([0, 0, 0]);
  });
});
