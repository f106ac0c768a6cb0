import { compilePlan } from '../../engine/compile/compile-plan.ts';
import type { UnrollDocument } from '../../engine/document/schema.ts';
import { type InferredShapes, inferShapes } from '../../engine/graph/infer-shapes.ts';
import { isStillThere } from '../../engine/graph/inside-problems.ts';
import { ifKnown } from '../../engine/layers/ports.ts';
import type { Finding } from '../../engine/lint/finding.ts';
import { lint } from '../../engine/lint/lint.ts';
import type { DataFacts } from '../../engine/shapes/data-facts.ts';
import { parameterCounts } from './node-cards.ts';

/** What the graph means, inferred anew on each edit that can change it. */
export interface Meaning {
  readonly facts: DataFacts;
  readonly inferred: InferredShapes;
  readonly problems: readonly Finding[];
  /** What keeps the machine's memory from holding the model, of `problems` the one that the engine finds; `null` where it fits. */
  readonly unfit: Finding | null;
  /** Trainable numbers by node. */
  readonly parameters: ReadonlyMap<string, number | null>;
}

export function mean(document: UnrollDocument, facts: DataFacts, before: Finding | null = null): Meaning {
  const inferred = inferShapes(document, facts);
  // Until the engine has looked again, what did not fit still does not.
  const unfit = before !== null && isStillThere(document, before) ? before : null;
  return {
    facts,
    inferred,
    problems: withUnfit(allProblems(document, inferred, facts), unfit),
    unfit,
    parameters: parameterCounts(document, inferred, facts),
  };
}

/** Problems of the wires, and of the whole: a missing head, a head that does not fit the task, no data; and what trains badly. */
function allProblems(document: UnrollDocument, inferred: InferredShapes, facts: DataFacts): readonly Finding[] {
  const found = (problems: InferredShapes['problems']): readonly Finding[] => lint(problems, { document, facts, inferred });
  const compiled = ifKnown(() => compilePlan(document, facts));
  // `null`: no problem but that the data is not prepared yet, so widths are unknown.
  return found(compiled === null || compiled.ok ? inferred.problems : compiled.problems);
}

const withUnfit = (problems: readonly Finding[], unfit: Finding | null): readonly Finding[] =>
  unfit === null ? problems : [...problems, unfit];

/** The same with what the engine says of the memory in place of what it said before. */
export function withUnfitNow(meaning: Meaning, unfit: Finding | null): Meaning {
  const others = meaning.problems.filter((problem) => problem !== meaning.unfit);
  return { ...meaning, unfit, problems: withUnfit(others, unfit) };
}

/** What is left of the meaning after an edit: all where only places and names differ, what may be wrong is judged anew where only training does. */
export function meanAnew(document: UnrollDocument, before: UnrollDocument, meaning: Meaning): Meaning {
  if (!sameMeaning(document, before)) return mean(document, meaning.facts, meaning.unfit);
  if (document.training === before.training) return meaning;
  return { ...meaning, problems: withUnfit(allProblems(document, meaning.inferred, meaning.facts), meaning.unfit) };
}

/** Whether two documents mean the same: only places, labels, comments, frames, the name or training settings differ. */
export const sameMeaning = (a: OfMeaning, b: OfMeaning): boolean =>
  a.data === b.data && sameGraph(a, b) && (a.blocks === b.blocks || sameBlocks(a.blocks, b.blocks));

/** What of a document has a meaning. */
export type OfMeaning = Pick<UnrollDocument, 'nodes' | 'edges' | 'blocks' | 'data'>;

const sameBlocks = (a: UnrollDocument['blocks'], b: UnrollDocument['blocks']): boolean =>
  a.length === b.length &&
  a.every((block, i) => {
    const other = b[i];
    return block.id === other?.id && block.name === other.name && sameGraph(block, other);
  });

function sameGraph(a: Pick<UnrollDocument, 'nodes' | 'edges'>, b: Pick<UnrollDocument, 'nodes' | 'edges'>): boolean {
  if (a.edges !== b.edges || a.nodes.length !== b.nodes.length) return false;
  return a.nodes.every((node, i) => {
    const other = b.nodes[i];
    return node.id === other?.id && node.kind === other.kind && node.params === other.params;
  });
}
