import { create } from 'zustand';
import type { GraphNode } from '../../engine/document/schema.ts';
import { cardSize } from './make-room.ts';
import type { Point } from './wire-geometry.ts';

interface Drawn {
  /** Sizes of the cards as they were drawn last, px; a card that was never in view has none. */
  readonly measured: ReadonlyMap<string, { readonly width: number; readonly height: number }>;
  /** Where what is dragged was placed last: the document follows when it is dropped. */
  readonly dragged: ReadonlyMap<string, GraphNode['position']>;
  /** How far from there all of it is now. */
  readonly shift: Point;
}

/** What the canvas knows beyond the document. */
export const useDrawn = create<Drawn>(() => ({ measured: new Map(), dragged: new Map(), shift: { x: 0, y: 0 } }));

/** Size of a node's card as it was drawn, or as it is expected. */
export const drawnSize = (id: string): { readonly width: number; readonly height: number } =>
  useDrawn.getState().measured.get(id) ?? cardSize;

export function setMeasured(sizes: ReadonlyMap<string, { width: number; height: number }>): void {
  const { measured } = useDrawn.getState();
  const changed = [...sizes].filter(([id, { width, height }]) => {
    const before = measured.get(id);
    return before?.width !== width || before.height !== height;
  });
  if (changed.length > 0) useDrawn.setState({ measured: new Map([...measured, ...changed]) });
}

/** Of a path whose nodes or wires are dragged. */
export const translation = (shift: Point | null): string | undefined =>
  shift === null ? undefined : `translate(${shift.x} ${shift.y})`;
