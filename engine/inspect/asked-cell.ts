import { equationBlocks } from '../cells/equation-blocks.ts';
import type { Block } from '../cells/step/evaluate.ts';
import type { NamedTensor } from '../files/safetensors.ts';
import type { AskedCell, AskedStep } from './analysis/questions.ts';
import type { Subject } from './subject.ts';
import type { KeptRecurrence, KeptTrace } from './trace.tf.ts';

type DescribedCell = Pick<KeptRecurrence['described'], 'equations' | 'hidden' | 'parameters'>;

/** A traced recurrence's cell with its weights, as a thread is asked about it. */
export const askedCell = ({ subject }: KeptTrace, { node, described }: KeptRecurrence): Promise<AskedCell> =>
  cellWithWeights(subject, node, described);

/** A cell of a model with its weights. @param node its wrapper's id in the plan */
export async function cellWithWeights(
  { model }: Subject,
  node: string,
  { equations, hidden, parameters }: DescribedCell,
): Promise<AskedCell> {
  const module = model.plan.modules.find(({ id }) => id === node);
  const stored = new Map<string, Float32Array>();
  for (const weight of new Set(parameters.map((parameter) => parameter.weight))) {
    const numbers = await model.variables.get(`${module?.name}.${weight}`)?.data<'float32'>();
    if (numbers !== undefined) stored.set(weight, numbers);
  }
  return { equations, hidden, parameters: equationBlocks(parameters, (weight) => stored.get(weight)) };
}

/** A matrix of a traced recurrence's cell, in other weights of its run. @returns `null` where the cell has none of that name */
export function matrixAmong(
  weights: ReadonlyMap<string, NamedTensor>,
  { subject }: KeptTrace,
  { node, described }: KeptRecurrence,
  name: string,
): Block | null {
  const module = subject.model.plan.modules.find(({ id }) => id === node);
  const numbers = (weight: string): Float32Array | undefined => {
    const data = weights.get(`${module?.name}.${weight}`)?.data;
    return data instanceof Float32Array ? data : undefined;
  };
  const parameters = described.parameters.filter((parameter) => parameter.name === name);
  return equationBlocks(parameters, numbers).get(name) ?? null;
}

/** A traced step with the state before it. @throws RangeError where the trace has no such step */
export function askedStep({ described, values }: KeptRecurrence, step: number): AskedStep {
  const { steps, states } = described;
  const traced = steps[step];
  if (traced === undefined) throw new RangeError(`there is no step ${step}`);
  if (traced.padded) return null;
  const row = (name: string): Block => {
    const array = values.get(name);
    const width = array?.shape[1] ?? 0;
    return { rows: 1, width, data: Float64Array.from(array?.data.subarray(step * width, (step + 1) * width) ?? []) };
  };
  return { input: row('x'), states: states.map(({ name }) => row(name)) };
}

/** In the order in which the cell ran, up to one of them; all unless one is said. @throws RangeError where the trace has no such step */
export function askedSteps(recurrence: KeptRecurrence, last?: number): readonly AskedStep[] {
  const { steps, direction } = recurrence.described;
  const order = steps.map((_, step) => step);
  if (direction === 'backward') order.reverse();
  if (last !== undefined && last >= order.length) throw new RangeError(`there is no step ${last}`);
  return order.slice(0, last === undefined ? undefined : order.indexOf(last) + 1).map((step) => askedStep(recurrence, step));
}

/** Multiplications of `inspect.flow`. */
export function flowWork({ described }: KeptRecurrence): number {
  const weights = described.parameters.reduce((sum, { shape }) => sum + shape.reduce((size, width) => size * width, 1), 0);
  const size = described.states.reduce((sum, { units }) => sum + units, 0);
  return described.steps.length * size * (weights + 100 * size);
}
