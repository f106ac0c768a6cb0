import type { NodeInputs } from '../shapes/value-type.ts';
import { formatShape, type StateType } from '../shapes/value-type.ts';
import type { ShapeResult } from './layer.ts';
import { only } from './ports.ts';

/** Why the state wired into `initial`, if there is one, cannot start a layer that needs `needed`; `null` when it can. */
export function initialStateProblem(inputs: NodeInputs, needed: StateType): Extract<ShapeResult, { ok: false }> | null {
  if (inputs['initial']?.[0] === undefined) return null;
  const [given, expected] = [formatShape(only(inputs, 'initial', 'state')), formatShape(needed)];
  if (given === expected) return null;
  return {
    ok: false,
    message: `the initial state is ${given}, but this cell needs ${expected}`,
    fix: 'Use the same kind, width and number of layers on both sides, or put a Bridge between them.',
  };
}
