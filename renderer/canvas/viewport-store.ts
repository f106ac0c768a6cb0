import type { ReactFlowInstance, Viewport } from '@xyflow/react';
import { create } from 'zustand';
import { nodeOf } from '../../engine/document/node-of.ts';
import type { GraphNode } from '../../engine/document/schema.ts';
import { portsOf } from '../../engine/graph/blocks/ports.ts';
import { findLayer } from '../../engine/layers/registry.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { roomNow } from '../unfold/unfold-store.ts';
import { jump } from './detail-keeper.ts';
import type { FlowEdge, FlowNode } from './flow-items.ts';
import { expectedSize } from './port-places.ts';
import { keepInView, nearerView, openingView, type Rect, viewOf, viewToLookAt, wholeView } from './view.ts';

interface ViewportState {
  /** The canvas while it is on screen. */
  readonly flow: ReactFlowInstance<FlowNode, FlowEdge> | null;
  readonly zoom: number;
  /** Where each level of each document was looked at, by `viewKey`, so that changing tabs does not lose the place. */
  readonly places: ReadonlyMap<string, Viewport>;
  /**
   * The nodes of the graph when it was last fitted as a whole, `null` once the user has moved the view. While they are the same,
   * the graph is fitted again when its pane changes; once the user edits, the view is theirs and stays.
   */
  readonly fitted: readonly GraphNode[] | null;
}

export const useViewport = create<ViewportState>(() => ({ flow: null, zoom: 1, places: new Map(), fitted: null }));

const calm = (): boolean => window.matchMedia('(prefers-reduced-motion: reduce)').matches;
/** Milliseconds of a camera move. */
export const cameraTime = (): number => (calm() ? 0 : 220);

const paneRect = (): DOMRect | undefined => document.querySelector('.react-flow')?.getBoundingClientRect();

/** Shows the whole graph, or some nodes, in the middle of the canvas. */
export function zoomToFit(nodes?: readonly string[], duration = cameraTime()): void {
  const { flow } = useViewport.getState();
  forgetHeading();
  useViewport.setState({ fitted: nodes === undefined ? useDocumentStore.getState().document.nodes : null });
  const pane = paneRect();
  if (!flow || !pane) return;
  const shown = nodes ?? flow.getNodes().map(({ id }) => id);
  if (shown.length === 0) return;
  moveTo(flow, wholeView(pane, flow.getNodesBounds([...shown])), duration);
}

function moveTo(flow: ReactFlowInstance<FlowNode, FlowEdge>, view: Viewport, duration: number): void {
  if (duration === 0) jump(() => void flow.setViewport(view));
  else void flow.setViewport(view, { duration });
}

/** Shows some nodes so near that their cards can be looked at, of ever fewer nodes as many as that leaves room for. */
export function zoomToLookAt(choices: readonly (readonly string[])[]): void {
  const { flow } = useViewport.getState();
  const pane = paneRect();
  if (!flow || !pane) return;
  const [first, ...fewer] = choices.flatMap((nodes) =>
    nodes.length === 0 ? [] : [wholeView(pane, flow.getNodesBounds([...nodes]))],
  );
  if (first === undefined) return;
  forgetHeading();
  useViewport.setState({ fitted: null });
  moveTo(flow, viewToLookAt([first, ...fewer]), cameraTime());
}

/** Shows nodes as near as they are shown now, or from as far away as they need. */
export function bringIntoView(ids: readonly string[]): void {
  const { flow } = useViewport.getState();
  const pane = paneRect();
  if (!flow || !pane) return;
  const bounds = flow.getNodesBounds([...ids]);
  const view = viewNow(flow);
  const fits = bounds.width * view.zoom <= pane.width && bounds.height * view.zoom <= pane.height;
  if (!fits) zoomToFit(ids);
  else headFor(flow, viewOf(view, pane, bounds));
}

/** How much nearer one press is. */
const zoomStep = 1.2;

export const zoomIn = (): void => zoomBy(() => zoomStep);
export const zoomOut = (): void => zoomBy(() => 1 / zoomStep);
export const zoomToFullSize = (): void => zoomBy(({ zoom }) => 1 / zoom);

/** So many times nearer, from where a move that is under way leads: of quick presses each counts. */
function zoomBy(times: (from: Viewport) => number): void {
  const { flow } = useViewport.getState();
  const pane = paneRect();
  if (!flow || !pane) return;
  useViewport.setState({ fitted: null });
  const from = viewNow(flow);
  headFor(flow, nearerView(from, pane, times(from)));
}

/** Moves the view, if it must, so that a node is seen: also one that was never drawn. */
export function reveal(id: string): void {
  const { flow } = useViewport.getState();
  const pane = paneRect();
  const { document } = useDocumentStore.getState();
  const node = nodeOf(document, id);
  if (!flow || !pane || !node) return;
  const view = viewNow(flow);
  const next = viewOf(view, pane, {
    ...roomNow().place(node.position),
    ...expectedSize(portsOf(document, node)),
    ...flow.getInternalNode(id)?.measured,
  });
  if (next === view) return;
  headFor(flow, next);
}

/** Where a node is in the window once a move that is under way has ended; `null` where there is no canvas. */
export function screenRect(id: string): Rect | null {
  const { flow } = useViewport.getState();
  const pane = paneRect();
  const { document } = useDocumentStore.getState();
  const node = nodeOf(document, id);
  if (!flow || !pane || !node) return null;
  const { x, y, zoom } = viewNow(flow);
  const { width, height } = { ...expectedSize(portsOf(document, node)), ...flow.getInternalNode(id)?.measured };
  const at = roomNow().place(node.position);
  return {
    x: pane.x + at.x * zoom + x,
    y: pane.y + at.y * zoom + y,
    width: (width ?? 0) * zoom,
    height: (height ?? 0) * zoom,
  };
}

/** Where a move leads that is under way: what an edit writes below the canvas may change the pane's height in the meantime. */
let heading: { readonly view: Viewport; readonly until: number } | null = null;

function headFor(flow: ReactFlowInstance<FlowNode, FlowEdge>, view: Viewport): void {
  heading = { view, until: performance.now() + 2 * cameraTime() };
  void flow.setViewport(view, { duration: cameraTime() });
}

/** Another move, of the user or not, takes the place of the one under way. */
export const forgetHeading = (): void => {
  heading = null;
};

const viewNow = (flow: ReactFlowInstance<FlowNode, FlowEdge>): Viewport =>
  heading !== null && performance.now() < heading.until ? heading.view : flow.getViewport();

/** Shows a document that opens: whole where it can be read, otherwise from its input. What is added to an empty one does not move it. */
function showFromInput(grows = 0): void {
  const { flow } = useViewport.getState();
  const pane = paneRect();
  if (!flow || !pane) return;
  const nodes = flow.getNodes();
  const inputs = nodes.filter(({ data, type }) => type === 'layer' && findLayer(data.node.kind)?.family === 'input');
  const [start = nodes[0]] = inputs.sort((a, b) => a.position.x - b.position.x);
  useViewport.setState({ fitted: null });
  const view = start ? openingView(pane, flow.getNodesBounds(nodes), flow.getNodesBounds([start])) : { x: 0, y: 0, zoom: 1 };
  opened = { made: view, nodes: useDocumentStore.getState().document.nodes, ...windowSize(), grows };
  jump(() => void flow.setViewport(view));
}

/** The view that a document was opened with, and in which window: until somebody moves it or edits, a larger window opens it anew. */
interface Opened {
  made: Viewport;
  readonly nodes: readonly GraphNode[];
  readonly width: number;
  readonly height: number;
  /** Time until which the docks of a window that has grown take their places, ms; 0: it has not. */
  readonly grows: number;
}
let opened: Opened | null = null;
/** Docks take their places in the frames after a window's, ms. */
const docksTime = 400;

const windowSize = () => ({ width: window.innerWidth, height: window.innerHeight });
/** Whether there is more room in one direction, and no less in the other. */
function hasGrown({ width, height }: ReturnType<typeof windowSize>): boolean {
  const now = windowSize();
  return now.width >= width && now.height >= height && (now.width > width || now.height > height);
}
const isSame = (a: Viewport, b: Viewport): boolean => a.x === b.x && a.y === b.y && a.zoom === b.zoom;

/**
 * Shows a document, or the inside of a block, that was not shown just now: as it was looked at before, otherwise from its input. Where
 * somebody was quick enough to fit it before it was drawn, that stays.
 */
export function showAgain(key: string): void {
  const { flow, places, fitted } = useViewport.getState();
  if (fitted === useDocumentStore.getState().document.nodes) {
    followPane();
    return;
  }
  const place = places.get(key);
  useViewport.setState({ fitted: null });
  if (flow && place) jump(() => void flow.setViewport(place));
  else showFromInput();
}

/** The view that the user chose, from which the views of other sizes of the pane are made. */
interface Chosen {
  readonly view: Viewport;
  readonly pane: Rect;
  /** Bounds of what was wholly in view. */
  readonly seen: Rect | null;
  readonly nodes: readonly GraphNode[];
  /** The view that was made of it last: another one on screen is a newer choice. */
  made: Viewport;
}

let pane: Rect | undefined;
let chosen: Chosen | null = null;

/** For when the canvas may have changed its size or place: what was in view stays in view. */
export function followPane(): void {
  const { flow, fitted } = useViewport.getState();
  const after = paneRect();
  if (!flow || !after || after.width === 0 || after.height === 0) return;
  const before = pane ?? after;
  pane = after;
  const { nodes } = useDocumentStore.getState().document;
  if (fitted === nodes) {
    zoomToFit(undefined, 0);
    return;
  }
  const view = viewNow(flow);
  if (opened !== null && (opened.nodes !== nodes || !isSame(view, opened.made))) opened = null;
  if (opened !== null && (hasGrown(opened) || performance.now() < opened.grows)) {
    showFromInput(hasGrown(opened) ? performance.now() + docksTime : opened.grows);
    return;
  }
  const moved = chosen?.nodes !== nodes || !isSame(view, chosen.made);
  if (chosen === null || moved) chosen = { view, pane: before, seen: wholly(flow, view, before), nodes, made: view };
  chosen.made = keepInView(chosen.view, chosen.pane, after, chosen.seen);
  forgetHeading();
  const made = chosen.made;
  if (opened !== null) opened.made = made;
  jump(() => void flow.setViewport(made));
}

/** Bounds of the nodes that are wholly in view. */
function wholly(flow: ReactFlowInstance<FlowNode, FlowEdge>, { x, y, zoom }: Viewport, pane: Rect): Rect | null {
  const seen = flow.getNodes().filter(({ id }) => {
    const node = flow.getNodesBounds([id]);
    const [left, top] = [node.x * zoom + x, node.y * zoom + y];
    return left >= 0 && top >= 0 && left + node.width * zoom <= pane.width && top + node.height * zoom <= pane.height;
  });
  return seen.length === 0 ? null : flow.getNodesBounds(seen);
}

/** The document's place in the middle of the canvas. */
export function visibleCentre(): { x: number; y: number } {
  const { flow } = useViewport.getState();
  const pane = paneRect();
  if (!flow || !pane) return { x: 0, y: 0 };
  return roomNow().back(flow.screenToFlowPosition({ x: pane.x + pane.width / 2, y: pane.y + pane.height / 2 }));
}
