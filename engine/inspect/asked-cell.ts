import { equationBlocks } from '../cells/equation-blocks.ts';
import type { Block } from '../cells/step/evaluate.ts';
import type { AnalysisQuestion, AskedStep } from './analysis/questions.ts';
import type { KeptRecurrence, KeptTrace } from './trace.tf.ts';

/** A traced recurrence's cell with its weights, as a thread is asked about it. */
export async function askedCell({ subject }: KeptTrace, { node, described }: KeptRecurrence): Promise<AnalysisQuestion['cell']> {
  const { equations, hidden, parameters } = described;
  const module = subject.model.plan.modules.find(({ id }) => id === node);
  const stored = new Map<string, Float32Array>();
  for (const weight of new Set(parameters.map((parameter) => parameter.weight))) {
    const numbers = await subject.model.variables.get(`${module?.name}.${weight}`)?.data<'float32'>();
    if (numbers !== undefined) stored.set(weight, numbers);
  }
  return { equations, hidden, parameters: equationBlocks(parameters, (weight) => stored.get(weight)) };
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

/** All of them, in the order in which the cell ran. */
export function askedSteps(recurrence: KeptRecurrence): readonly AskedStep[] {
  const { steps, direction } = recurrence.described;
  const asked = steps.map((_, step) => askedStep(recurrence, step));
  return direction === 'backward' ? asked.reverse() : asked;
}

/** Multiplications of `inspect.flow`. */
export function flowWork({ described }: KeptRecurrence): number {
  const weights = described.parameters.reduce((sum, { shape }) => sum + shape.reduce((size, width) => size * width, 1), 0);
  const size = described.states.reduce((sum, { units }) => sum + units, 0);
  return described.steps.length * size * (weights + 100 * size);
}
