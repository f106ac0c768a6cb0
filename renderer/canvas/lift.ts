import type { GraphNode } from '../../engine/document/schema.ts';
import { useDrawn } from './drawn-store.ts';
import { wholeZoom } from './layer-block.tsx';
import type { Point } from './wire-geometry.ts';

type Places = ReadonlyMap<string, GraphNode['position']>;

const nowhere: Places = new Map();
const still: Point = { x: 0, y: 0 };

/** Pixels that many nodes move before those that came into view are drawn. */
const reach = 150;

/** React Flow's view at the last placing: x, y and zoom. */
let view: readonly number[] = [];

/**
 * Shows where what is dragged is now. React Flow would compare and place all nodes and wires in each frame: they are placed once, and
 * while all of them move alike, and the view stays, only drawn shifted.
 */
export function liftTo(positions: Places, transform: readonly number[]): void {
  const { dragged, shift: before } = useDrawn.getState();
  const shift = commonShift(dragged, positions);
  if (shift?.x === before.x && shift.y === before.y) return;
  const sameView = transform.every((number, i) => number === view[i]);
  if (shift !== null && sameView && !bringsMoreIntoView(shift, positions.size, transform[2] ?? 1)) useDrawn.setState({ shift });
  else {
    view = transform;
    useDrawn.setState({ dragged: positions, shift: still });
  }
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

/** One node is under the pointer, and so in view. */
const bringsMoreIntoView = ({ x, y }: Point, nodes: number, zoom: number): boolean =>
  nodes > 1 && zoom >= wholeZoom && Math.max(Math.abs(x), Math.abs(y)) * zoom > reach;

useDrawn.subscribe(({ shift }, before) => {
  if (shift !== before.shift) drawShifted(shift);
});

const found = (classes: string) =>
  [...document.getElementsByClassName(classes)].filter((element) => element instanceof HTMLElement);

/** What lies behind the wires. */
const behind = ['react-flow__node-comment', 'react-flow__node-frame'];

/** Whether all nodes are shifted as one, and those that are not lifted back. */
let asOne = false;

/**
 * Each node that is drawn shifted is a layer of its own, and a thousand of them take longer than a frame: where most are lifted, all
 * are shifted as one, and the others back. What lies behind the wires cannot be of that one.
 */
function drawShifted({ x, y }: Point): void {
  const lifted = found('react-flow__node lifted');
  const all = document.getElementsByClassName('react-flow__node').length;
  const wasOne = asOne;
  asOne = 2 * lifted.length > all && behind.every((name) => document.getElementsByClassName(name).length === 0);
  const ahead = x === 0 && y === 0 ? '' : `${x}px ${y}px`;
  for (const element of lifted) element.style.translate = asOne ? '' : ahead;
  for (const element of found('react-flow__nodesselection-rect')) element.style.translate = ahead;
  if (!asOne && !wasOne) return;
  for (const element of found('react-flow__node')) {
    if (!element.classList.contains('lifted')) element.style.translate = asOne && ahead ? `${-x}px ${-y}px` : '';
  }
  for (const element of found('react-flow__nodes')) {
    element.style.translate = asOne ? ahead : '';
    element.style.zIndex = asOne && ahead ? '1000' : ''; // as what is selected has it
  }
}
