import type { UnrollDocument } from '../document/schema.ts';
import type { InferredShapes } from '../graph/infer-shapes.ts';
import type { DataFacts } from '../shapes/data-facts.ts';
import type { Problem } from '../shapes/problem.ts';

/** A change that does away with a finding, in one step. */
export interface Remedy {
  /** What it does, for a button: “Use Recurrent, forwards”. */
  readonly label: string;
  apply(document: UnrollDocument): UnrollDocument;
}

/** A problem, with its remedy where that is mechanical. */
export interface Finding extends Problem {
  readonly remedy: Remedy | null;
}

export interface LintInput {
  readonly document: UnrollDocument;
  readonly facts: DataFacts;
  readonly inferred: InferredShapes;
}

/** One thing to look for. Pure, and fast enough to run on each edit. */
export type Rule = (input: LintInput) => readonly Finding[];

/** What is worth a thought but keeps nothing from training. */
export const warning = (
  node: string | null,
  message: string,
  fix: string,
  remedy: Remedy | null,
  edge: string | null = null,
): Finding => ({ severity: 'warning', node, edge, message, fix, remedy });
