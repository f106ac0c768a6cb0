import type { Handle } from '@xyflow/react';
import { connect, moveWire } from '../../engine/graph/edit.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { announce } from '../store/ui-store.ts';
import { toast } from '../ui/toast-store.ts';
import { nameOf, portLabel } from './canvas-actions.ts';
import { endsAt } from './port-choices.ts';
import { graphForWiring } from './wiring-store.ts';

export const refuse = (message: string, fix: string): void => {
  toast({ tone: 'bad', title: message, text: fix });
};

export const pointOf = (event: MouseEvent | TouchEvent): { readonly clientX: number; readonly clientY: number } | undefined =>
  'changedTouches' in event ? event.changedTouches[0] : event;

/** The layer or placed block under a pointer. */
export function nodeUnder(point: ReturnType<typeof pointOf>): string | null {
  const under = point && document.elementFromPoint(point.clientX, point.clientY);
  return under?.closest<HTMLElement>('.react-flow__node-layer')?.dataset['id'] ?? null;
}

/**
 * A wire that is let go of on a node, beside its ports, goes to the port that fits; where several do, they are named.
 *
 * @param fixed its other end
 * @param moving the wire whose end this is, `null` for a new one
 */
export function dropOnNode(fixed: Handle, node: string, moving: string | null): void {
  if (node === fixed.nodeId) return;
  const end = { node: fixed.nodeId, port: fixed.id ?? '' };
  const outward = fixed.type === 'source';
  const { document, facts } = graphForWiring();
  const found = endsAt(document, facts, end, outward ? 'output' : 'input', node);
  const [port] = found;
  if (!port) {
    refuse('No wire', `No port of ${nameOf(node)} takes a wire from here.`);
  } else if (found.length > 1) {
    const names = found.map((one) => portLabel({ port: one, direction: outward ? 'input' : 'output' })).join(', ');
    refuse('Several ports fit', `Let go of the wire on one of them: ${names}.`);
  } else {
    const [from, to] = outward ? [end, port] : [port, end];
    useDocumentStore.getState().edit((d) => (moving === null ? connect(d, from, to) : moveWire(d, moving, from, to)));
    announce(`${moving === null ? 'Wired' : 'Wire moved:'} ${nameOf(from.node)} to ${nameOf(to.node)}.`);
  }
}
