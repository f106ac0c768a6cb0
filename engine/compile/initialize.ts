import { atOnce } from '../event-loop.ts';
import type { NamedTensor } from '../files/safetensors.ts';
import { parameterName } from '../layers/plan-module.ts';
import { Random } from '../random.ts';
import type { Initializer, ParameterSpec } from '../shapes/parameter.ts';
import { fillOrthogonal } from './orthogonal.ts';
import type { Plan } from './plan.ts';

/**
 * Starting values of every parameter, by full name `module.param`. Each parameter draws from a stream of its own, named by its
 * full name, so that adding a layer does not change how the others start.
 */
export function initializeParameters(plan: Plan, seed: number): Map<string, NamedTensor> {
  return atOnce(drawParameters(plan, seed));
}

/** The same in pieces of some 10 ms: millions of numbers, and orthogonal matrices above all, take longer than others should wait. */
export function* drawParameters(plan: Plan, seed: number): Generator<void, Map<string, NamedTensor>> {
  const parameters = new Map<string, NamedTensor>();
  for (const module of plan.modules) {
    for (const spec of module.parameters) {
      const name = parameterName(module, spec);
      parameters.set(name, { dtype: 'F32', shape: spec.shape, data: yield* initialValues(spec, new Random(seed, name)) });
    }
  }
  return parameters;
}

function* initialValues(spec: ParameterSpec, random: Random): Generator<void, Float32Array> {
  const data = new Float32Array(spec.shape.reduce((product, size) => product * size, 1));
  yield* fill(data, spec, spec.initializer, random);
  if (spec.zeroRow !== undefined) {
    const width = data.length / (spec.shape[0] ?? 1);
    data.fill(0, spec.zeroRow * width, (spec.zeroRow + 1) * width);
  }
  return data;
}

/** Numbers that are drawn in a piece. */
const ofPiece = 2 ** 18;

function* draw(data: Float32Array, next: () => number): Generator<void, void> {
  for (let from = 0; from < data.length; from += ofPiece) {
    const end = Math.min(data.length, from + ofPiece);
    for (let i = from; i < end; i++) data[i] = next();
    yield;
  }
}

function* fill(data: Float32Array, spec: ParameterSpec, initializer: Initializer, random: Random): Generator<void, void> {
  switch (initializer.kind) {
    case 'zeros':
      data.fill(0);
      return;
    case 'ones':
      data.fill(1);
      return;
    case 'constant':
      data.fill(initializer.value);
      return;
    case 'uniform':
      yield* draw(data, () => (2 * random.uniform() - 1) * initializer.bound);
      return;
    case 'normal':
      yield* draw(data, () => random.normal() * initializer.deviation);
      return;
    case 'orthogonal':
      yield* fillOrthogonal(data, spec.shape[spec.shape.length - 1] ?? 1, random);
      return;
    case 'blocks': {
      const size = data.length / initializer.blocks.length;
      for (const [index, block] of initializer.blocks.entries())
        yield* fill(data.subarray(index * size, (index + 1) * size), spec, block, random);
      return;
    }
  }
}
