import { create } from 'zustand';
import type { GraphNode } from '../../engine/document/schema.ts';

interface Drawn {
  /** Sizes of the cards as they were drawn last, px; a card that was never in view has none. */
  readonly measured: ReadonlyMap<string, { readonly width: number; readonly height: number }>;
  /** Where what is dragged is now: the document follows when it is dropped. */
  readonly dragged: ReadonlyMap<string, GraphNode['position']>;
}

/** What the canvas knows beyond the document. */
export const useDrawn = create<Drawn>(() => ({ measured: new Map(), dragged: new Map() }));

export function setMeasured(sizes: ReadonlyMap<string, { width: number; height: number }>): void {
  const { measured } = useDrawn.getState();
  const changed = [...sizes].filter(([id, { width, height }]) => {
    const before = measured.get(id);
    return before?.width !== width || before.height !== height;
  });
  if (changed.length > 0) useDrawn.setState({ measured: new Map([...measured, ...changed]) });
}
