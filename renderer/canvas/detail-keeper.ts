import { type InternalNode, useStoreApi, type Viewport } from '@xyflow/react';
import { useEffect, useMemo } from 'react';
import { useDocumentStore } from '../store/document-store.ts';
import { atRest, isOf, nearZoom, useDetail, type Which, wholeZoom } from './detail-store.ts';
import { useDrawn } from './drawn-store.ts';
import type { FlowEdge, FlowNode } from './flow-items.ts';
import { keepPorts } from './keep-ports.ts';

type Canvas = ReturnType<typeof useStoreApi<FlowNode, FlowEdge>>;
type View = Viewport & { readonly width: number; readonly height: number };

/** Milliseconds without a move after which it is taken to have ended: the notches of a wheel come in less. */
const rest = 200;

/** What is drawn anew in a frame costs this at most, and what each costs: a card has ports and wires. */
const budget = 100;
const costs = { card: 34, cardToBlock: 10, block: 1 } as const;

let jumping = false;

/** Changes the view at once to what is a place of its own, as a document that opens: nothing of it waits. */
export function jump(change: () => void): void {
  jumping = true;
  try {
    change();
  } finally {
    jumping = false;
  }
}

/**
 * Level of detail: while the zoom changes, nothing that comes into view is drawn but as an outline, and what is drawn stays what it is,
 * card or block. When the zoom stands still, all of it becomes what it is to be, a few in each frame, those in the middle first.
 *
 * React Flow draws what is in view and not `hidden`; that is set in its own table of nodes, because new items for all nodes that are out
 * of view, with each step of a zoom, would take longer than what they save.
 */
class DetailKeeper {
  readonly #canvas: Canvas;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #frame: number | undefined;

  constructor(canvas: Canvas) {
    this.#canvas = canvas;
  }

  /** For before React Flow takes on another view. */
  readonly beforeView = (next: Viewport): void => {
    const { transform } = this.#canvas.getState();
    if (next.zoom === transform[2]) {
      // Nor is anything drawn while the view is moved that a zoom has left to be drawn.
      if (this.#timer !== undefined || this.#frame !== undefined) this.#wait();
    } else if (jumping) this.#finish(next.zoom);
    else this.#hold(next);
  };

  /** All as it is to be at the zoom that there is. */
  readonly begin = (): void => this.#finish(this.#canvas.getState().transform[2]);

  readonly stop = (): void => {
    clearTimeout(this.#timer);
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    this.#timer = undefined;
    this.#frame = undefined;
  };

  #wait(): void {
    this.stop();
    this.#timer = setTimeout(this.#fill, rest);
  }

  #hold(next: Viewport): void {
    this.#wait();
    const { nodeLookup, transform, width, height } = this.#canvas.getState();
    const now = { x: transform[0], y: transform[1], zoom: transform[2], width, height };
    const { wires, waiting, whole } = useDetail.getState();
    const { dragged } = useDrawn.getState();
    if (wires === 'all') this.#keepWires(now);
    // All that is out of view is drawn already.
    if (whole) return;
    let waits = waiting;
    for (const node of nodeLookup.values()) {
      if (node.type !== 'layer' || dragged.has(node.id)) continue;
      if (!isInView(node, now)) node.hidden = true;
      if (!waits && node.hidden && isInView(node, { ...now, ...next })) waits = true;
    }
    if (waits !== waiting) useDetail.setState({ waiting: waits });
  }

  /** The wires that are drawn are those that were in view. */
  #keepWires(view: View): void {
    const { nodeLookup, edges } = this.#canvas.getState();
    const seen = (id: string): boolean => {
      const node = nodeLookup.get(id);
      return node !== undefined && isInView(node, view);
    };
    const kept = edges.filter(({ source, target }) => seen(source) || seen(target));
    useDetail.setState({ wires: new Set(kept.map(({ id }) => id)) });
    // In this frame already.
    this.#canvas.setState({ edges: kept });
  }

  /** Draws a few more, and goes on in the next frame until nothing is left. */
  readonly #fill = (): void => {
    this.stop();
    if (useDrawn.getState().dragged.size > 0) {
      this.#wait();
      return;
    }
    const { nodeLookup, transform, width, height } = this.#canvas.getState();
    const view = { x: transform[0], y: transform[1], zoom: transform[2], width, height };
    const near = view.zoom >= nearZoom;
    const { cards, whole: wasWhole } = useDetail.getState();
    const whole = wasWhole && view.zoom < wholeZoom;
    if (wasWhole && !whole) useDetail.setState({ whole });
    const left = [...nodeLookup.values()].filter(
      (node) =>
        node.type === 'layer' && (whole || isInView(node, view)) && (node.hidden === true || isOf(cards, node.id) !== near),
    );
    if (left.length === 0 && (whole || view.zoom >= wholeZoom)) {
      this.#finish(view.zoom);
      return;
    }
    if (left.length === 0) useDetail.setState({ whole: true });
    else this.#fillIn(left, view, near);
    this.#frame = requestAnimationFrame(this.#fill);
  };

  #fillIn(left: InternalNode<FlowNode>[], view: View, near: boolean): void {
    const { nodeLookup } = this.#canvas.getState();
    const { cards, wires } = useDetail.getState();
    const others = (node: InternalNode<FlowNode>): boolean => isOf(cards, node.id) !== near;
    const costOf = (node: InternalNode<FlowNode>): number => (near ? costs.card : others(node) ? costs.cardToBlock : costs.block);
    const byDistance = left.map((node) => ({ node, distance: fromMiddle(node, view) })).sort((a, b) => a.distance - b.distance);
    const now: InternalNode<FlowNode>[] = [];
    for (let spent = 0, i = 0; i < byDistance.length && spent < budget; i++) {
      const node = byDistance[i]?.node;
      if (!node) break;
      now.push(node);
      spent += costOf(node);
    }
    // Another object, for React Flow to see it.
    for (const node of now) if (node.hidden) nodeLookup.set(node.id, { ...node, hidden: false });
    const turned = new Set(now.filter(others).map(({ id }) => id));
    if (turned.size > 0) useDetail.setState({ cards: changed(cards, nodeLookup.keys(), turned, near) });
    const wired = near ? new Set(now.map(({ id }) => id)) : turned;
    if (wired.size > 0) useDetail.setState({ wires: withWires(wires, wired, near) });
    this.#canvas.setState({});
  }

  #finish(zoom: number): void {
    this.stop();
    const { nodeLookup } = this.#canvas.getState();
    for (const node of nodeLookup.values()) if (node.type === 'layer') node.hidden = false;
    useDetail.setState(atRest(zoom));
    this.#canvas.setState({});
  }
}

function isInView({ internals, measured }: InternalNode<FlowNode>, { x, y, zoom, width, height }: View): boolean {
  const left = internals.positionAbsolute.x * zoom + x;
  const top = internals.positionAbsolute.y * zoom + y;
  return left < width && top < height && left + (measured.width ?? 0) * zoom > 0 && top + (measured.height ?? 0) * zoom > 0;
}

const fromMiddle = (
  { internals: { positionAbsolute: at } }: InternalNode<FlowNode>,
  { x, y, zoom, width, height }: View,
): number => Math.hypot(at.x * zoom + x - width / 2, at.y * zoom + y - height / 2);

/** The cards, with or without these. */
function changed(cards: Which, all: Iterable<string>, ids: ReadonlySet<string>, are: boolean): ReadonlySet<string> {
  const set = new Set(cards === 'all' ? all : cards === 'none' ? [] : cards);
  for (const id of ids) {
    if (are) set.add(id);
    else set.delete(id);
  }
  return set;
}

/** The wires that are drawn one by one, with or without those at these nodes. */
function withWires(wires: Which, nodes: ReadonlySet<string>, are: boolean): Which {
  if (wires === (are ? 'all' : 'none')) return wires;
  const { edges } = useDocumentStore.getState().document;
  const there = edges.filter(({ from, to }) => nodes.has(from.node) || nodes.has(to.node)).map(({ id }) => id);
  return changed(
    wires,
    edges.map(({ id }) => id),
    new Set(there),
    are,
  );
}

/** Keeps the level of detail of the canvas, and the ports of what is drawn without them. @returns what React Flow is to call before each change of its view */
export function useDetailKeeper(): (next: Viewport) => void {
  const canvas = useStoreApi<FlowNode, FlowEdge>();
  const keeper = useMemo(() => new DetailKeeper(canvas), [canvas]);
  useEffect(() => {
    keeper.begin();
    const end = keepPorts(canvas);
    return () => {
      keeper.stop();
      end();
    };
  }, [canvas, keeper]);
  return keeper.beforeView;
}
