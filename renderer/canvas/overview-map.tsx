import { type ReactFlowState, useReactFlow, useStore } from '@xyflow/react';
import { memo, type PointerEvent, startTransition, useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import { sameItems } from '../../engine/shapes/same-items.ts';
import { frameColour, nodeColour } from './colours.ts';
import { translation, useDrawn } from './drawn-store.ts';
import type { FlowEdge, FlowNode } from './flow-items.ts';
import { cardSize } from './make-room.ts';
import type { Rect } from './view.ts';
import { useViewport } from './viewport-store.ts';
import type { Point } from './wire-geometry.ts';

/** What is seen, in graph units, as text: it changes with each frame of a move, and is compared by value. */
const seenBox = ({ transform: [x, y, zoom], width, height }: ReactFlowState): string =>
  [-x / zoom, -y / zoom, width / zoom, height / zoom].join(' ');

function colourOf(node: FlowNode): string {
  if (node.type === 'comment') return 'var(--line)';
  if (node.type === 'frame') return `color-mix(in srgb, ${frameColour[node.data.frame.colour]} 22%, transparent)`;
  return nodeColour(node.data.node);
}

/**
 * All nodes, one path for each colour (a thousand shapes would be laid out and painted with each move), and what of them is seen.
 * Dragging moves the view, the wheel zooms.
 */
export function OverviewMap() {
  const flow = useReactFlow<FlowNode, FlowEdge>();
  const nodes = useDeferredValue(useStore((s) => s.nodes as FlowNode[]));
  const { dragged, shift } = useNowAndThen();
  const shapes = useMemo(() => byColour(nodes, dragged), [nodes, dragged]);
  const bounds = useMemo(() => boundsOf(nodes, dragged, shift), [nodes, dragged, shift]);
  const [x = 0, y = 0, width = 1, height = 1] = useStore(seenBox).split(' ').map(Number);
  const svg = useRef<SVGSVGElement>(null);

  const left = Math.min(bounds.x, x);
  const top = Math.min(bounds.y, y);
  const right = Math.max(bounds.x + bounds.width, x + width);
  const bottom = Math.max(bounds.y + bounds.height, y + height);
  const margin = Math.max(right - left, bottom - top) / 30;
  const box = [left - margin, top - margin, right - left + 2 * margin, bottom - top + 2 * margin];

  const show = ({ clientX, clientY, buttons }: PointerEvent<SVGSVGElement>): void => {
    const toGraph = svg.current?.getScreenCTM()?.inverse();
    if (buttons !== 1 || !toGraph) return;
    const point = new DOMPoint(clientX, clientY).matrixTransform(toGraph);
    useViewport.setState({ fitted: null });
    void flow.setCenter(point.x, point.y, { zoom: flow.getZoom() });
  };
  useEffect(() => {
    const element = svg.current;
    // React listens to wheels passively: the page would zoom too.
    const zoom = (event: WheelEvent): void => {
      event.preventDefault();
      useViewport.setState({ fitted: null });
      void flow.zoomTo(flow.getZoom() * 2 ** (-event.deltaY / 500));
    };
    element?.addEventListener('wheel', zoom, { passive: false });
    return () => element?.removeEventListener('wheel', zoom);
  }, [flow]);

  return (
    <svg
      ref={svg}
      className="overview__map"
      viewBox={box.join(' ')}
      role="img"
      aria-label="Overview of the graph"
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        show(event);
      }}
      onPointerMove={show}
    >
      {shapes.map(({ key, colour, lifted: up, nodes: group }) => (
        <Shape key={key} colour={colour} nodes={group} shift={up ? shift : null} />
      ))}
      <path
        className="overview__unseen"
        d={`M${left - 2 * margin} ${top - 2 * margin}H${right + 2 * margin}V${bottom + 2 * margin}H${left - 2 * margin}zM${x} ${y}h${width}v${height}h${-width}z`}
      />
    </svg>
  );
}

/** Milliseconds after which the overview follows a drag: it is small, and to draw it takes as long as the drag itself. */
const lag = 100;

/** What is dragged, and how far, as it was a moment ago. */
function useNowAndThen() {
  const [seen, setSeen] = useState(useDrawn.getState);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = (): void => {
      timer = undefined;
      startTransition(() => setSeen(useDrawn.getState()));
    };
    const unsubscribe = useDrawn.subscribe(({ dragged }) => {
      // What was put down lies where the document has it, from now on.
      if (dragged.size === 0) {
        clearTimeout(timer);
        look();
      } else timer ??= setTimeout(look, lag);
    });
    return () => {
      clearTimeout(timer);
      unsubscribe();
    };
  }, []);
  return seen;
}

type Dragged = ReadonlyMap<string, unknown>;

const sizeOf = ({ measured }: FlowNode) => ({
  width: measured?.width ?? cardSize.width,
  height: measured?.height ?? cardSize.height,
});

function boundsOf(nodes: readonly FlowNode[], dragged: Dragged, shift: Point): Rect {
  let [left, top, right, bottom] = [0, 0, 1, 1];
  for (const [i, node] of nodes.entries()) {
    const { x, y } = dragged.has(node.id) ? { x: node.position.x + shift.x, y: node.position.y + shift.y } : node.position;
    const { width, height } = sizeOf(node);
    left = i === 0 ? x : Math.min(left, x);
    top = i === 0 ? y : Math.min(top, y);
    right = i === 0 ? x + width : Math.max(right, x + width);
    bottom = i === 0 ? y + height : Math.max(bottom, y + height);
  }
  return { x: left, y: top, width: right - left, height: bottom - top };
}

interface Group {
  readonly key: string;
  readonly colour: string;
  readonly lifted: boolean;
  readonly nodes: FlowNode[];
}

/** The nodes of each colour; those that are selected apart, as they may be on the move. */
function byColour(nodes: readonly FlowNode[], dragged: Dragged): readonly Group[] {
  const groups = new Map<string, Group>();
  for (const node of nodes) {
    const colour = colourOf(node);
    const lifted = dragged.has(node.id);
    const key = `${colour} ${node.selected === true} ${lifted}`;
    const group = groups.get(key);
    if (group) group.nodes.push(node);
    else groups.set(key, { key, colour, lifted, nodes: [node] });
  }
  return [...groups.values()];
}

interface ShapeProps {
  readonly colour: string;
  readonly nodes: readonly FlowNode[];
  readonly shift: Point | null;
}

function boxOf(node: FlowNode): string {
  const { width, height } = sizeOf(node);
  return `M${node.position.x} ${node.position.y}h${width}v${height}h${-width}z`;
}

const Shape = memo(
  function Shape({ colour, nodes, shift }: ShapeProps) {
    const boxes = useMemo(() => nodes.map(boxOf).join(''), [nodes]);
    return <path transform={translation(shift)} d={boxes} style={{ fill: colour }} />;
  },
  (a, b) => a.colour === b.colour && a.shift === b.shift && sameItems(a.nodes, b.nodes),
);
