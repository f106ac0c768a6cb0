import type { UnrollDocument } from '../../engine/document/schema.ts';
import { portsOf } from '../../engine/graph/blocks/ports.ts';
import { cardRect } from './comments-aside.ts';
import type { FlowNode } from './flow-items.ts';
import { handlesOf } from './port-places.ts';

/** Sizes of cards before any is drawn. */
export const unmeasured = new Map<string, never>();

/** A document's nodes as React Flow has them. */
export const drawn = (document: UnrollDocument): ReadonlyMap<string, FlowNode> =>
  new Map(
    document.nodes.map((node) => {
      const { width, height } = cardRect(document, node, unmeasured);
      const item = { ...node, type: 'layer', measured: { width, height }, handles: handlesOf(portsOf(document, node), height) };
      return [node.id, item as unknown as FlowNode];
    }),
  );

/** What work comes to. */
export function ended<T>(work: Generator<void, T>): T {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}
