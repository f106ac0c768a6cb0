import { useReactFlow, type Viewport } from '@xyflow/react';
import { type RefObject, useEffect, useRef } from 'react';
import { openingView, type Rect, viewOf, wholeView } from '../canvas/view.ts';
import { cameraTime } from '../canvas/viewport-store.ts';
import type { CellLayout } from './cell-layout.ts';

/** Room for the tools above the graph, px. */
const toolRoom = 44;
/** Size of the smallest text on its nodes, `--text-small`, px. */
const smallText = 12;
/** How high it is at least where a cell opens as a whole, px: its equations stand beside it in full size. */
const leastText = 8;

/**
 * What of a cell is seen: all of it where that can be read, otherwise the part that begins at its input; where a person has moved it, that
 * stays. What is chosen comes into view.
 */
export function useCellViewport(pane: RefObject<HTMLElement | null>, layout: CellLayout, chosen: ReadonlySet<string>) {
  const flow = useReactFlow();
  const kept = useRef<'opened' | 'whole' | 'moved'>('opened');
  const [only] = chosen.size === 1 ? chosen : [];
  const place = useRef((_duration: number): void => {});
  place.current = (duration) => {
    const box = pane.current?.getBoundingClientRect();
    if (!box) return;
    const room = { width: box.width, height: Math.max(1, box.height - toolRoom) };
    const all: Rect = { x: 0, y: 0, width: layout.width, height: layout.height };
    const found = (id: string | undefined): Rect | undefined => layout.nodes.find(({ node }) => node.id === id);
    const now = flow.getViewport();
    let view: Viewport = { ...now, y: now.y - toolRoom };
    if (kept.current === 'whole') view = wholeView(room, all);
    else if (kept.current === 'opened') view = openingView(room, all, found('in:x') ?? all, smallText, leastText);
    const looked = found(only);
    if (looked && kept.current !== 'whole') view = viewOf(view, room, looked);
    void flow.setViewport({ ...view, y: view.y + toolRoom }, { duration });
  };

  useEffect(() => {
    const frame = requestAnimationFrame(() => place.current(0));
    const observer = new ResizeObserver(() => place.current(0));
    if (pane.current) observer.observe(pane.current);
    return () => {
      cancelAnimationFrame(frame);
      observer.disconnect();
    };
  }, [pane]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the cell has another size, or another part of it is chosen
  useEffect(() => place.current(0), [layout.width, layout.height, only]);

  return {
    showAll(): void {
      kept.current = 'whole';
      place.current(cameraTime());
    },
    zoom(nearer: boolean): void {
      kept.current = 'moved';
      void (nearer ? flow.zoomIn({ duration: cameraTime() }) : flow.zoomOut({ duration: cameraTime() }));
    },
    /** A person has moved the view. */
    moved(): void {
      kept.current = 'moved';
    },
  };
}
