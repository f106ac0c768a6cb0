import type { Value } from '../layers/builder.tf.ts';
import type { PlanModule } from '../layers/plan-module.ts';
import { findLayer } from '../layers/registry.ts';

/** Modules that make the first numbers of the input: of tokens, which are none, what reads them; otherwise the data itself. */
export function inputReaders(modules: readonly PlanModule[]): ReadonlySet<string> {
  const inputs = new Set(modules.filter(({ kind }) => kind === 'token-input').map(({ id }) => id));
  const reads = ({ inputs: wires }: PlanModule): boolean =>
    Object.values(wires)
      .flat()
      .some(({ module }) => inputs.has(module));
  const isData = ({ kind }: PlanModule): boolean => findLayer(kind)?.family === 'input';
  return new Set(modules.filter((module) => isData(module) || reads(module)).map(({ id }) => id));
}

/** Numbers as they flow along a wire. */
export type NumbersValue = Extract<Value, { type: 'sequence' | 'vector' | 'pictures' }>;

/** How a value's numbers lie: for each step all rows; one step where it has no time. */
export const stepsAndRows = (value: NumbersValue): { readonly steps: number; readonly rows: number } => {
  const time = value.type === 'vector' ? null : value.time;
  return time === null ? { steps: 1, rows: value.tensor.shape[0] ?? 1 } : { steps: time.steps, rows: time.rows };
};
