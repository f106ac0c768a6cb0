import { Position } from '@xyflow/react';
import type { GraphEdge } from '../../engine/document/schema.ts';
import type { FlowNode } from './flow-items.ts';
import { wireEnd } from './port-places.ts';
import type { Point, WireCurve } from './wire-geometry.ts';
import { wayOf } from './wire-ways.ts';

/** A wire as it lies on the canvas, with the sides of the cards it leaves and meets. */
export interface WireRun extends WireCurve {
  readonly source: string;
  readonly target: string;
  readonly from: Position;
  readonly to: Position;
}

interface Known {
  readonly source: FlowNode;
  readonly target: FlowNode;
  readonly run: WireRun | null;
  /** The same with the corners that it has now. */
  turned: WireRun | null;
}

/** What was found last of each wire: it lies as it lay while the nodes at its ends are the same. */
const known = new WeakMap<GraphEdge, Known>();

/** The wires as they lie between the nodes, drawn or not; without those whose ports are not there. */
export function wireRuns(edges: readonly GraphEdge[], nodes: ReadonlyMap<string, FlowNode>): WireRun[] {
  const runs: WireRun[] = [];
  for (const edge of edges) {
    const source = nodes.get(edge.from.node);
    const target = nodes.get(edge.to.node);
    if (!source || !target) continue;
    let found = known.get(edge);
    if (found?.source !== source || found.target !== target) {
      const run = runOf(edge, source, target);
      found = { source, target, run, turned: run };
      known.set(edge, found);
    }
    if (!found.run || !found.turned) continue;
    const way = wayOf(found.run) ?? undefined;
    if (way !== found.turned.way) found.turned = way ? { ...found.run, way } : found.run;
    runs.push(found.turned);
  }
  return runs;
}

function runOf(edge: GraphEdge, source: FlowNode, target: FlowNode): WireRun | null {
  const out = source.handles?.find((handle) => handle.type === 'source' && handle.id === edge.from.port);
  const into = target.handles?.find((handle) => handle.type === 'target' && handle.id === edge.to.port);
  if (!out || !into) return null;
  const at = ({ position }: FlowNode, end: { x: number; y: number }) => ({ x: position.x + end.x, y: position.y + end.y });
  return {
    id: edge.id,
    source: source.id,
    target: target.id,
    start: at(source, wireEnd(out)),
    end: at(target, wireEnd(into)),
    vertical: out.position === Position.Top,
    from: out.position,
    to: into.position,
  };
}

/** The wire with those of its ends shifted that are at nodes that are dragged; it has no corners until they are put down. */
export function shiftedRun(run: WireRun, dragged: ReadonlyMap<string, unknown>, shift: Point): WireRun {
  const [from, to] = [dragged.has(run.source), dragged.has(run.target)];
  if (!from && !to) return run;
  const move = ({ x, y }: Point): Point => ({ x: x + shift.x, y: y + shift.y });
  return { ...run, start: from ? move(run.start) : run.start, end: to ? move(run.end) : run.end, way: undefined };
}
