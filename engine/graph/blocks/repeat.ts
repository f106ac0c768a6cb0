import { blockFault } from '../../document/block-limits.ts';
import { nodeOf } from '../../document/node-of.ts';
import { borderPort, definitionOf, placementOf } from '../../document/placed-blocks.ts';
import type { UnrollDocument } from '../../document/schema.ts';
import type { DataFacts } from '../../shapes/data-facts.ts';
import { repeatProblem } from '../block-problems.ts';
import { setParams } from '../edit.ts';
import { inferShapes, portKey } from '../infer-shapes.ts';
import { insideId } from './inside-id.ts';
import type { Refused } from './names.ts';

/** How often a placed block follows itself. Refused where its output does not fit its input, and where the graph would hold too much. */
export function setRepeat(
  document: UnrollDocument,
  facts: DataFacts,
  id: string,
  repeat: number,
): { readonly ok: true; readonly document: UnrollDocument } | Refused {
  const node = nodeOf(document, id);
  const definition = node && definitionOf(document, node);
  if (!node || !definition) return { ok: false, message: 'this node is no block', fix: 'Choose a block.' };
  const params = { ...node.params, repeat };
  if (placementOf({ ...node, params }) === null)
    return { ok: false, message: `a block cannot follow itself ${repeat} times`, fix: 'Give a whole number from 1 to 1,000.' };
  const once = setParams(document, id, { repeat: 1 });
  const first = nodeOf(once, id) ?? node;
  const { outputs } = inferShapes(once, facts);
  const fault = repeatProblem(
    definition,
    repeat,
    (port) => outputs.get(portKey(id, port)),
    (port) => outputs.get(portKey(insideId(first, 0, port), borderPort)),
  );
  const repeated = setParams(document, id, { repeat });
  const refused = fault ?? blockFault(repeated);
  return refused === null ? { ok: true, document: repeated } : { ok: false, ...refused };
}
