import { definitionOf } from '../document/placed-blocks.ts';
import type { UnrollDocument } from '../document/schema.ts';
import { findLayer } from '../layers/registry.ts';
import type { Problem } from '../shapes/problem.ts';
import { expandBlocks } from './blocks/expand.ts';
import { liesIn, placeOf } from './blocks/inside-id.ts';
import { generatingNodes } from './causality-problems.ts';
import { sortTopologically } from './sort-topologically.ts';

/**
 * Blocks of which one part reads the input once and another runs again for every token that is said: those are two calls, and a block is
 * one. Of the expanded graph.
 */
export function partProblems(document: UnrollDocument): Problem[] {
  if (document.data?.task !== 'sequence-to-sequence') return [];
  const expansion = expandBlocks(document);
  if (expansion.placed.length === 0) return [];
  const { nodes, edges } = expansion.graph;
  const order = sortTopologically(nodes, edges).map(({ id }) => id);
  const generating = generatingNodes({ ...document, nodes, edges }, { order });
  return expansion.placed.flatMap((block): Problem[] => {
    const own = nodes.filter(({ id, kind }) => liesIn(id, block.id) && findLayer(kind)?.family !== 'cell');
    const reading = own.find(({ id }) => !generating.has(id));
    if (reading === undefined || own.every(({ id }) => !generating.has(id))) return [];
    const said = reading.label ?? findLayer(reading.kind)?.title ?? placeOf(reading.id).id;
    return [
      {
        severity: 'error',
        node: block.id,
        edge: null,
        message: `“${definitionOf(document, block)?.name}” holds what reads the input once (“${said}”) and what runs for every token that is said: they cannot be one module`,
        fix: `Leave “${said}” outside of it.`,
      },
    ];
  });
}
