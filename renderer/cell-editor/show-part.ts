import { nodePlace } from '../canvas/focus-node.ts';
import { choose } from './cell-view-store.ts';
import { type CellReading, lineOf } from './read-cell.ts';

/** Moves the focus to a node once it is drawn, and shows its line. */
export function showPart(id: string, reading: CellReading | null, focus = true): void {
  choose([id], reading && lineOf(reading, id));
  if (!focus) return;
  requestAnimationFrame(() =>
    requestAnimationFrame(() => document.querySelector<HTMLElement>(`.cell-graph ${nodePlace(id)}`)?.focus()),
  );
}
