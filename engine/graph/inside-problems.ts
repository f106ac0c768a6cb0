import { nodeAt } from '../document/node-of.ts';
import type { UnrollDocument } from '../document/schema.ts';
import type { Problem } from '../shapes/problem.ts';
import { placeOf } from './blocks/inside-id.ts';

/**
 * Problems of an expanded graph as problems of the document: on the placed block, with the way to the node inside. What each copy of a
 * block repeats is said once.
 */
export function onDocument<T extends Problem>(problems: readonly T[]): readonly T[] {
  const said = new Set<string>();
  return problems.flatMap((problem) => {
    if (problem.node === null || !problem.node.includes('/')) return [problem];
    const { path, id } = placeOf(problem.node);
    const edge = problem.edge === null ? null : placeOf(problem.edge).id;
    const found = { ...problem, node: path[0] ?? id, edge: null, inside: { path: [...path], node: id, edge } };
    const key = JSON.stringify([found.inside, found.message]);
    if (said.has(key)) return [];
    said.add(key);
    return [found];
  });
}

/** The node that a problem is on, by its way through blocks: `block-1/recurrent-1`; `null` where it is of the whole graph. */
export const wayOf = ({ node, inside }: Pick<Problem, 'node' | 'inside'>): string | null =>
  inside === undefined ? node : [...inside.path, inside.node].join('/');

/** Whether the node that a problem is on is in the document. */
export function isStillThere(document: Pick<UnrollDocument, 'nodes' | 'blocks'>, problem: Problem): boolean {
  const way = wayOf(problem);
  if (way === null) return true;
  const { path, id } = placeOf(way);
  return nodeAt(document, path, id) !== undefined;
}
