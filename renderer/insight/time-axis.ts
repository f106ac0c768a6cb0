import type { Trace, TracedStep } from '../../engine/protocol/inspect.ts';

/** The sentence under the one time cursor: the input's steps, and after them those that a decoder says. */
export interface Sentence {
  readonly steps: readonly SentenceStep[];
  /** How many of them are the input's. */
  readonly inputs: number;
}

export interface SentenceStep extends TracedStep {
  /** From 0, on its own side. */
  readonly place: number;
  readonly side: 'input' | 'target';
}

/** What the rows of an output or a recurrence are. */
export type AxisKind =
  /** One row, without time. */
  | 'none'
  | 'input'
  | 'target'
  /** Each row several steps of the input, as a pyramid joins them. */
  | 'joined';

const sameTokens = (a: readonly TracedStep[], b: readonly TracedStep[]): boolean =>
  a.length === b.length && a.every(({ token }, place) => token === b[place]?.token);

/** Rows that have words of their own are a decoder's. */
export function axisOf(steps: readonly TracedStep[], input: readonly TracedStep[]): AxisKind {
  if (sameTokens(steps, input)) return 'input';
  if (steps.some(({ token }) => token !== '')) return 'target';
  return steps.length === 1 ? 'none' : 'joined';
}

export function sentenceOf({ steps, nodes }: Pick<Trace, 'steps' | 'nodes'>): Sentence {
  const axes = nodes.flatMap((node) => [...node.outputs, ...node.recurrent].map((of) => of.steps));
  const said = axes.find((axis) => axisOf(axis, steps) === 'target') ?? [];
  const on = (side: SentenceStep['side'], all: readonly TracedStep[]): SentenceStep[] =>
    all.map((step, place) => ({ ...step, place, side }));
  return { steps: [...on('input', steps), ...on('target', said)], inputs: steps.length };
}

/** The row that an axis has under the cursor; `null` where it has none there: an input's after its end, a decoder's before its start. */
export function rowAt(cursor: number, steps: readonly TracedStep[], input: readonly TracedStep[]): number | null {
  const place = cursor - input.length;
  switch (axisOf(steps, input)) {
    case 'none':
      return 0;
    case 'input':
      return place < 0 ? cursor : null;
    case 'target':
      return place >= 0 && place < steps.length ? place : null;
    case 'joined':
      return place < 0 ? Math.min(steps.length - 1, Math.floor(cursor / joinedSteps(steps, input))) : null;
  }
}

/** Where the cursor stands for a row of an axis. */
export function cursorAt(row: number, steps: readonly TracedStep[], input: readonly TracedStep[]): number {
  switch (axisOf(steps, input)) {
    case 'none':
      return input.length - 1;
    case 'input':
      return row;
    case 'target':
      return input.length + row;
    case 'joined':
      return Math.min(input.length - 1, row * joinedSteps(steps, input));
  }
}

/** How many of the input's steps a row is made from. */
export const joinedSteps = (steps: readonly TracedStep[], input: readonly TracedStep[]): number =>
  Math.max(1, Math.ceil(input.length / Math.max(1, steps.length)));
