import type { KeyboardEvent } from 'react';
import { useDocumentStore } from '../store/document-store.ts';
import type { PortEnd } from './port-choices.ts';
import { useViewport } from './viewport-store.ts';

/** Selects a node that is drawn. */
export const nodePlace = (id: string): string => `.react-flow__node[data-id="${CSS.escape(id)}"]`;
const elementOf = (id: string): HTMLElement | null => document.querySelector<HTMLElement>(nodePlace(id));

/** Frames within which a node that comes into view is drawn. */
const patience = 60;

/** Moves the keyboard focus to a node as soon as it is drawn: what is out of view is not. */
export function focusWhenDrawn(id: string, frames = patience): void {
  requestAnimationFrame(() => {
    const element = elementOf(id);
    if (element) element.focus({ preventScroll: true });
    else if (frames > 0) focusWhenDrawn(id, frames - 1);
  });
}

/** Brings a node to the middle of the canvas, and the keyboard focus to it. */
export function goToNode(id: string): void {
  const { flow } = useViewport.getState();
  if (!flow) return;
  useViewport.setState({ fitted: null });
  const { x, y, width, height } = flow.getNodesBounds([id]);
  void flow.setCenter(x + width / 2, y + height / 2, { zoom: flow.getZoom() });
  focusWhenDrawn(id);
}

/** Moves the keyboard focus to a port, or to the canvas where there is none. */
export function focusPort(end: PortEnd | null): void {
  const side = end?.direction === 'output' ? 'source' : 'target';
  const place = end && `${nodePlace(end.port.node)} .${side}[data-handleid="${CSS.escape(end.port.port)}"]`;
  document.querySelector<HTMLElement>(place ?? '.react-flow')?.focus();
}

export function focusWire(id: string): void {
  document.querySelector<HTMLElement>(`.react-flow__edge[data-id="${CSS.escape(id)}"]`)?.focus();
}

/**
 * Tab goes from node to node in the document's order, also where the next one is out of view and not drawn: it is brought to the middle.
 * From the last node, and back from the first, the browser goes on.
 */
export function tabToNode(event: KeyboardEvent): void {
  if (event.key !== 'Tab' || event.altKey || event.ctrlKey || event.metaKey || !(event.target instanceof HTMLElement)) return;
  const node = event.target.closest<HTMLElement>('.react-flow__node');
  if (!node) return;
  // Within a node, its own stops come first: the ports of the selected one, a comment's links, an unfolded layer's copy.
  const stops = [node, ...node.querySelectorAll<HTMLElement>('[tabindex="0"], a[href], button:not([tabindex="-1"]), textarea')];
  const within = stops.indexOf(event.target) + (event.shiftKey ? -1 : 1);
  if (within >= 0 && within < stops.length) return;
  const { frames, comments, nodes } = useDocumentStore.getState().document;
  const items = [...frames, ...comments, ...nodes];
  const next = items[items.findIndex(({ id }) => id === node.dataset['id']) + (event.shiftKey ? -1 : 1)];
  if (!next || !useViewport.getState().flow || elementOf(next.id)) return;
  event.preventDefault();
  goToNode(next.id);
}
