import type { Transform } from '@xyflow/react';
import { create } from 'zustand';
import { useCanvasSettings } from '../store/canvas-settings.ts';
import type { FlowNode } from './flow-items.ts';
import { type Stroke, snapTo } from './guides.ts';
import { cardSize } from './make-room.ts';
import type { Rect } from './view.ts';

/** What is drawn while something is dragged. */
export const useGuides = create<{ readonly strokes: readonly Stroke[] }>(() => ({ strokes: [] }));

/** Pixels of the screen within which it snaps, and the grid that takes what snaps to nothing, in graph units. */
const pull = 6;
export const grid = 11;

type Place = { readonly x: number; readonly y: number };
type Places = ReadonlyMap<string, Place>;
type Size = Pick<Rect, 'width' | 'height'>;

/** What of the canvas counts. */
export interface Scene {
  readonly nodes: readonly FlowNode[];
  readonly transform: Transform;
  readonly width: number;
  readonly height: number;
}

interface Drag {
  /** Ctrl, Cmd or Alt: it goes where the pointer goes. */
  free: boolean;
  /** Where the pointer has it. */
  raw: Places;
  scene: Scene;
  /** Of what is dragged. */
  readonly sizes: ReadonlyMap<string, Size>;
  /** Around what lies in view, but for what is dragged; found anew when the view moves. */
  others: readonly Rect[];
  placed: Places;
  readonly stop: () => void;
}
let drag: Drag | null = null;

const sizeOf = ({ measured }: FlowNode): Size => ({
  width: measured?.width ?? cardSize.width,
  height: measured?.height ?? cardSize.height,
});

function inView({ nodes, transform: [x, y, zoom], width, height }: Scene, dragged: Places): Rect[] {
  return nodes
    .filter(({ id }) => !dragged.has(id))
    .map((node) => ({ ...node.position, ...sizeOf(node) }))
    .filter(
      (rect) =>
        (rect.x + rect.width) * zoom + x > 0 &&
        (rect.y + rect.height) * zoom + y > 0 &&
        rect.x * zoom + x < width &&
        rect.y * zoom + y < height,
    );
}

/** The box around what is dragged. */
function around(raw: Places, sizes: ReadonlyMap<string, Size>): Rect {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [id, at] of raw) {
    const { width, height } = sizes.get(id) ?? cardSize;
    left = Math.min(left, at.x);
    top = Math.min(top, at.y);
    right = Math.max(right, at.x + width);
    bottom = Math.max(bottom, at.y + height);
  }
  return { x: left, y: top, width: right - left, height: bottom - top };
}

const toGrid = (at: number): number => Math.round(at / grid) * grid - at;

/** Where it lies: at a guide, otherwise on the grid; all that is dragged by the same. */
function place({ free, raw, sizes, scene, others }: Drag): { readonly placed: Places; readonly strokes: readonly Stroke[] } {
  const [first] = raw.values();
  const shifted = (x: number, y: number): Places =>
    new Map([...raw].map(([id, at]) => [id, { x: Math.round(at.x + x), y: Math.round(at.y + y) }]));
  if (free || !first) return { placed: shifted(0, 0), strokes: [] };
  const zoom = scene.transform[2];
  // Far away, where a few pixels are half a card, it does not jump further than to the grid.
  const reach = Math.min(pull / zoom, grid);
  const snap = useCanvasSettings.getState().guides ? snapTo(around(raw, sizes), others, reach) : null;
  return {
    placed: shifted(snap?.x ?? toGrid(first.x), snap?.y ?? toGrid(first.y)),
    strokes: snap?.strokes ?? [],
  };
}

const samePlaces = (a: Places, b: Places): boolean =>
  a.size === b.size && [...a].every(([id, at]) => at.x === b.get(id)?.x && at.y === b.get(id)?.y);

/** Lays what is dragged at what it snaps to; the same places as before when nothing has moved. */
function settle(current: Drag): Places {
  const { placed, strokes } = place(current);
  if (strokes.length > 0 || useGuides.getState().strokes.length > 0) useGuides.setState({ strokes });
  if (!samePlaces(placed, current.placed)) current.placed = placed;
  return current.placed;
}

/**
 * Where what is dragged is shown.
 *
 * @param raw where the pointer has it
 * @param moved told when a key changes that without the pointer
 */
export function snapDrag(raw: Places, scene: Scene, moved: (placed: Places) => void): Places {
  if (drag === null) {
    const free = (event: MouseEvent | KeyboardEvent): boolean => event.ctrlKey || event.metaKey || event.altKey;
    const onPointer = (event: PointerEvent): void => {
      if (drag) drag.free = free(event);
    };
    const onKey = (event: KeyboardEvent): void => {
      if (!drag || drag.free === free(event)) return;
      drag.free = free(event);
      moved(settle(drag));
    };
    const listening = new AbortController();
    window.addEventListener('pointermove', onPointer, { capture: true, signal: listening.signal });
    window.addEventListener('keydown', onKey, { capture: true, signal: listening.signal });
    window.addEventListener('keyup', onKey, { capture: true, signal: listening.signal });
    const sizes = new Map(scene.nodes.filter(({ id }) => raw.has(id)).map((node) => [node.id, sizeOf(node)]));
    const others = inView(scene, raw);
    drag = { free: false, raw, sizes, scene, others, placed: new Map(), stop: () => listening.abort() };
  } else {
    if (scene.transform !== drag.scene.transform) drag.others = inView(scene, raw);
    drag.raw = raw;
    drag.scene = scene;
  }
  return settle(drag);
}

/** The drag is over. @returns where it was shown last; `null` when nothing was dragged */
export function endDrag(): Places | null {
  const placed = drag?.placed ?? null;
  drag?.stop();
  drag = null;
  if (useGuides.getState().strokes.length > 0) useGuides.setState({ strokes: [] });
  return placed;
}
