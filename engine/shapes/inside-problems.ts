import { placeOf } from '../document/blocks/inside-id.ts';
import type { Problem } from './problem.ts';

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
