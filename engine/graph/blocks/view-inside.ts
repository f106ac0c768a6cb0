import { blockInputs, borderPort, definitionOf } from '../../document/placed-blocks.ts';
import type { UnrollDocument } from '../../document/schema.ts';
import type { ValueType } from '../../shapes/value-type.ts';
import type { InferredShapes } from '../infer-shapes.ts';
import { borderKey, expandBlocks, placedAt } from './expand.ts';
import { insideOf } from './inside.ts';
import { insideId } from './inside-id.ts';

/** The inside of a placed block as it is there: a document with what arrives at its ports, to be looked at and edited by itself. */
export interface InsideView {
  readonly definition: string;
  /** Infers by itself: `inferShapes(view, facts)`, `checkConnection(view, …)`. */
  readonly view: UnrollDocument & { readonly arriving: ReadonlyMap<string, ValueType> };
  /** The id of something inside in the expanded graph, under which problems, parameters and figures of it are found (first copies). */
  expandedId(id: string): string;
}

/**
 * @param path the placed blocks that lead there, from the canvas inwards
 * @param inferred of the whole document
 * @returns `null` where there is no such block, or it lies in a loop of wires
 */
export function viewInside(document: UnrollDocument, inferred: InferredShapes, path: readonly string[]): InsideView | null {
  const placed = placedAt(expandBlocks(document), path);
  const definition = placed && definitionOf(document, placed);
  if (!placed || !definition) return null;
  const expandedId = (id: string): string => insideId(placed, 0, id);
  const arriving = blockInputs(definition).flatMap(({ id }): [string, ValueType][] => {
    const type = inferred.outputs.get(borderKey(expandedId(id), borderPort));
    return type === undefined ? [] : [[id, type]];
  });
  return { definition: definition.id, view: { ...insideOf(document, definition), arriving: new Map(arriving) }, expandedId };
}
