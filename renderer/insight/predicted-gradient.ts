/** What is known of a gradient at the steps of a recurrence, before it is followed back. */
export interface Predicted {
  /** Each step's bound by the product of the Jacobians between it and the step that the gradient comes from; NaN after that one. */
  readonly jacobians: readonly number[];
  /** By σ₁ alone; `null` where it says nothing: of cells with gates. */
  readonly singular: readonly number[] | null;
}

interface Run {
  /** Lengths of what arrives at each part of the state, by step. */
  readonly states: readonly (readonly number[])[];
  readonly backward: boolean;
}

const wholeState = (states: Run['states'], step: number): number => Math.hypot(...states.map((norm) => norm[step] ?? 0));

/** The last step, in the order in which the cell ran, that a gradient arrives at; `null` where it arrives at none. */
export function lastReached({ states, backward }: Run): number | null {
  const steps = (states[0] ?? []).map((_, step) => step);
  if (!backward) steps.reverse();
  return steps.find((step) => wholeState(states, step) > 0) ?? null;
}

/**
 * What the gradient that comes from a step can be at those before it, at most: ‖∂L/∂s_T‖ ‖∂s_T/∂s_t‖, and of a plain cell
 * ‖∂L/∂s_T‖ (γ σ₁)^(T−t) (Pascanu et al. 2013).
 *
 * @param from T
 * @param norms of `inspect.flow` from that step: of the state before the first step, then after each
 * @param perStep γ σ₁, where the cell has one
 */
export function predictedGradient(run: Run, from: number, norms: readonly number[], perStep: number | null): Predicted {
  const { states, backward } = run;
  const steps = (states[0] ?? []).map((_, step) => step);
  const sent = wholeState(states, from);
  // How many steps lie between.
  const back = (step: number): number => (backward ? step - from : from - step);
  const at = (bound: (back: number) => number | undefined): number[] =>
    steps.map((step) => (back(step) < 0 ? Number.NaN : sent * (bound(back(step)) ?? Number.NaN)));
  return {
    jacobians: at((distance) => norms[norms.length - 1 - distance]),
    singular: perStep === null ? null : at((distance) => perStep ** distance),
  };
}
