import type { GraphNode } from '../../engine/document/schema.ts';
import type { Scene } from './drag-guides.ts';
import { useDrawn } from './drawn-store.ts';
import { seenDocument, shownSize } from './seen-graph.ts';
import type { Point } from './wire-geometry.ts';

type Places = ReadonlyMap<string, GraphNode['position']>;
type View = Pick<Scene, 'transform' | 'width' | 'height'>;

const nowhere: Places = new Map();
const still: Point = { x: 0, y: 0 };

/** Pixels that many nodes move before those that came into view are drawn. */
const reach = 150;

/** Of the last placing: React Flow's view, and whether all that is dragged was in it. */
let placed: { readonly transform: Scene['transform']; readonly whole: boolean } | null = null;

/**
 * Shows where what is dragged is now. React Flow would compare and place all nodes and wires in each frame: they stay placed where they
 * lie, and while all of them move alike, and the view stays, are only drawn shifted.
 */
export function liftTo(positions: Places, view: View): void {
  const { dragged, shift: before } = useDrawn.getState();
  const from = dragged.size === 0 ? lying(positions) : dragged;
  const shift = commonShift(from, positions);
  if (from === dragged && shift?.x === before.x && shift.y === before.y) return;
  const sameView = placed !== null && view.transform.every((number, i) => number === placed?.transform[i]);
  if (shift !== null && (from !== dragged || (sameView && !bringsMoreIntoView(shift, view)))) {
    if (from !== dragged) placed = { transform: view.transform, whole: allInView(from, view) };
    useDrawn.setState({ dragged: from, shift });
  } else {
    placed = { transform: view.transform, whole: allInView(positions, view) };
    useDrawn.setState({ dragged: positions, shift: still });
  }
}

/** Where these lie on the canvas. */
function lying(ids: Places): Places {
  const { nodes, comments, frames } = seenDocument();
  const found = [...nodes, ...comments, ...frames].filter(({ id }) => ids.has(id));
  return new Map(found.map(({ id, position }) => [id, position]));
}

/** Where a node that is dragged is now. */
export function liftedPlace(id: string): Point | undefined {
  const { dragged, shift } = useDrawn.getState();
  const at = dragged.get(id);
  return at && { x: at.x + shift.x, y: at.y + shift.y };
}

/** Nothing is dragged any more. */
export const putDown = (): void => useDrawn.setState({ dragged: nowhere, shift: still });

/** By how much all nodes have moved, or `null` if they are not the same nodes or do not move alike. */
export function commonShift(from: Places, to: Places): Point | null {
  if (from.size !== to.size) return null;
  let shift: Point | null = null;
  for (const [id, { x, y }] of to) {
    const before = from.get(id);
    if (!before) return null;
    shift ??= { x: x - before.x, y: y - before.y };
    if (x - before.x !== shift.x || y - before.y !== shift.y) return null;
  }
  return shift;
}

/** What is out of view is not drawn. */
const bringsMoreIntoView = ({ x, y }: Point, { transform: [, , zoom] }: View): boolean =>
  placed?.whole === false && Math.max(Math.abs(x), Math.abs(y)) * zoom > reach;

const allInView = (places: Places, { transform: [x, y, zoom], width, height }: View): boolean =>
  [...places].every(([id, at]) => {
    const size = shownSize(id);
    const [left, top] = [at.x * zoom + x, at.y * zoom + y];
    return left < width && top < height && left + size.width * zoom > 0 && top + size.height * zoom > 0;
  });

useDrawn.subscribe(({ dragged, shift }, before) => {
  if (shift !== before.shift) drawShifted(dragged.size > 0 ? dragged : before.dragged, shift);
});

const found = (classes: string) =>
  [...document.getElementsByClassName(classes)].filter((element) => element instanceof HTMLElement);

/** What lies behind the wires. */
const behind = ['react-flow__node-comment', 'react-flow__node-frame'];

/** Nodes that may each be a layer of its own. */
const few = 50;

/** The elements that are shifted, and those that are shifted back as they lie in them. */
interface Lifted {
  readonly dragged: Places;
  readonly ahead: readonly HTMLElement[];
  readonly back: readonly HTMLElement[];
  /** Of which all nodes are a part; above the others while it is shifted, as what is selected is. */
  readonly around: readonly HTMLElement[];
}
let lifted: Lifted | null = null;

/**
 * Each node that is drawn shifted is a layer of its own, and a thousand of them take longer than a frame: where many, and most, are
 * lifted, all are shifted as one, and the others back. What lies behind the wires cannot be of that one.
 */
function elementsOf(dragged: Places): Lifted {
  const all = found('react-flow__node');
  const isDragged = (element: HTMLElement): boolean => dragged.has(element.dataset['id'] ?? '');
  const own = all.filter(isDragged);
  const box = found('react-flow__nodesselection-rect');
  const asOne = own.length > few && 2 * own.length > all.length && behind.every((name) => found(name).length === 0);
  if (!asOne) return { dragged, ahead: [...own, ...box], back: [], around: [] };
  return { dragged, ahead: box, back: all.filter((element) => !isDragged(element)), around: found('react-flow__nodes') };
}

/** The elements are looked for once a lift: what comes into view during one is placed anew, and begins another. */
function drawShifted(dragged: Places, { x, y }: Point): void {
  const still = x === 0 && y === 0;
  if (lifted !== null && (still || lifted.dragged !== dragged)) {
    for (const element of [...lifted.ahead, ...lifted.back, ...lifted.around]) element.style.translate = '';
    for (const element of lifted.around) element.style.zIndex = '';
    lifted = null;
  }
  if (still) return;
  lifted ??= elementsOf(dragged);
  for (const element of lifted.ahead) element.style.translate = `${x}px ${y}px`;
  for (const element of lifted.back) element.style.translate = `${-x}px ${-y}px`;
  for (const element of lifted.around) {
    element.style.translate = `${x}px ${y}px`;
    element.style.zIndex = '1000';
  }
}
