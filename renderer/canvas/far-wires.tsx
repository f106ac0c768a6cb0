import { memo, useMemo } from 'react';
import { create } from 'zustand';
import type { GraphEdge } from '../../engine/document/schema.ts';
import { type InferredShapes, portKey } from '../../engine/graph/infer-shapes.ts';
import { sameItems } from '../../engine/shapes/same-items.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { typeColour } from './colours.ts';
import { useDetail } from './detail-store.ts';
import { translation, useDrawn } from './drawn-store.ts';
import type { FlowNode } from './flow-items.ts';
import { GraphLayer } from './graph-layer.tsx';
import { shiftedRun, type WireRun, wireRuns } from './wire-curves.ts';
import type { Point } from './wire-geometry.ts';
import { wirePath } from './wire-path.ts';
import { useWays } from './wire-ways.ts';
import { useWiring } from './wiring-store.ts';

/** The wire under the pointer while the canvas is far away. */
export const useFarPointer = create<{ readonly wire: string | null }>(() => ({ wire: null }));

/** More wires than this are not shown one by one. */
const mostApart = 100;

/** Neighbours that share a path: one that is taken out of a path, or moved, has that one made anew. */
const together = 64;

const none: ReadonlySet<string> = new Set();

/**
 * The wires that are worked on while the others are seen from afar (selected, or at a selected node, or under the pointer): React Flow
 * draws them, so that they follow a drag, take the focus and can be selected, and their ends dragged.
 */
export function useWiresApart(): ReadonlySet<string> {
  const near = useDetail((s) => s.near);
  const edges = useDocumentStore((s) => s.document.edges);
  const selection = useDocumentStore((s) => s.selection);
  const hovered = useFarPointer((s) => s.wire);
  const dropWire = useWiring((s) => s.dropWire);
  const moving = useWiring((s) => s.moving);
  return useMemo(() => {
    if (near) return none;
    const worked = edges.filter(({ id, from, to }) => selection.has(id) || selection.has(from.node) || selection.has(to.node));
    const apart = new Set(worked.length > mostApart ? [] : worked.map(({ id }) => id));
    for (const id of [hovered, dropWire, moving]) if (id !== null) apart.add(id);
    return apart.size === 0 ? none : apart;
  }, [near, edges, selection, hovered, dropWire, moving]);
}

interface FarWiresProps {
  readonly nodes: readonly FlowNode[];
  /** While a zoom changes that ends among cards, they stand for those that wait to be drawn, and cannot be worked on. */
  readonly near: boolean;
  /** Those that React Flow draws, by `useWiresApart`. */
  readonly apart: ReadonlySet<string>;
}

/** All wires seen from afar, without their shapes: a path for many of a colour, which stays as it is while the canvas is moved. */
export function FarWires({ nodes, near, apart }: FarWiresProps) {
  const edges = useDocumentStore((s) => s.document.edges);
  const outputs = useDocumentStore((s) => s.inferred.outputs);
  const problems = useDocumentStore((s) => s.problems);
  const dragged = useDrawn((s) => s.dragged);
  const shift = useDrawn((s) => s.shift);

  const places = useMemo(() => new Map(edges.map(({ id }, place) => [id, place])), [edges]);
  const styles = useMemo(() => {
    const broken = new Set(problems.map(({ edge }) => edge));
    return new Map(edges.map((edge) => [edge.id, styleOf(edge, outputs, broken)]));
  }, [edges, outputs, problems]);
  const byId = useMemo(() => new Map(nodes.map((node) => [node.id, node])), [nodes]);
  const ways = useWays((s) => s.ways);
  // biome-ignore lint/correctness/useExhaustiveDependencies: by `ways` the wires have other corners
  const groups = useMemo(() => {
    const groups = new Map<string, WireRun[]>();
    for (const run of wireRuns(edges, byId)) {
      if (apart.has(run.id)) continue;
      const key = `${styles.get(run.id)} ${Math.floor((places.get(run.id) ?? 0) / together)}`;
      const group = groups.get(key);
      if (group) group.push(run);
      else groups.set(key, [run]);
    }
    return groups;
  }, [edges, byId, apart, styles, places, ways]);
  const moving = useMemo(() => [...groups].flatMap(([key, runs]) => byEnds(key, runs, dragged)), [groups, dragged]);
  const now = (run: WireRun): WireRun => shiftedRun(run, dragged, shift);
  return (
    <GraphLayer>
      <svg className="far-wires" data-near={near} role="presentation">
        {moving.map(({ key, ends, runs }) => (
          <WireGroup
            key={key}
            style={styles.get(runs[0]?.id ?? '') ?? ''}
            runs={ends === 1 ? runs.map(now) : runs}
            shift={ends === 2 ? shift : null}
          />
        ))}
      </svg>
    </GraphLayer>
  );
}

/** Colour, and whether it is dotted, as `colour dotted`. */
function styleOf(edge: GraphEdge, outputs: InferredShapes['outputs'], broken: ReadonlySet<string | null>): string {
  const value = outputs.get(portKey(edge.from.node, edge.from.port));
  const colour = broken.has(edge.id) ? 'var(--bad)' : value ? typeColour[value.type] : 'var(--control-line)';
  return value?.type === 'cell' || value?.type === 'state' ? `${colour} dotted` : colour;
}
const lineOf = (style: string) => {
  const [stroke, dotted] = style.split(' ');
  return { stroke, ...(dotted ? { strokeDasharray: '6 10' } : {}) };
};

const paths = new WeakMap<WireRun, string>();
function pathOf(run: WireRun): string {
  const known = paths.get(run);
  if (known !== undefined) return known;
  const { start, end, from, to, way } = run;
  const [path] = wirePath(start, from, end, to, way);
  paths.set(run, path);
  return path;
}

/** Neighbouring wires of one colour of which no, one or both ends are dragged. */
interface Group {
  readonly key: string;
  readonly ends: number;
  readonly runs: readonly WireRun[];
}

/** The wires of a path by how many of their ends are dragged; the path stays the same one where all are alike. */
function byEnds(key: string, runs: readonly WireRun[], dragged: ReadonlyMap<string, unknown>): readonly Group[] {
  const endsOf = (run: WireRun): number => Number(dragged.has(run.source)) + Number(dragged.has(run.target));
  const [first] = runs;
  const ends = dragged.size > 0 && first ? endsOf(first) : 0;
  if (dragged.size === 0 || runs.every((run) => endsOf(run) === ends)) return [{ key, ends, runs }];
  return [0, 1, 2]
    .map((count) => ({ key: `${key} ${count}`, ends: count, runs: runs.filter((run) => endsOf(run) === count) }))
    .filter((group) => group.runs.length > 0);
}

interface GroupProps {
  readonly style: string;
  readonly runs: readonly WireRun[];
  readonly shift: Point | null;
}

/** Wires of one colour as one path; made anew only when one of them lies elsewhere. */
const WireGroup = memo(
  function WireGroup({ style, runs, shift }: GroupProps) {
    const path = useMemo(() => runs.map(pathOf).join(''), [runs]);
    return <path transform={translation(shift)} className="far-wires__path" d={path} style={lineOf(style)} />;
  },
  (a, b) => a.style === b.style && a.shift === b.shift && sameItems(a.runs, b.runs),
);
