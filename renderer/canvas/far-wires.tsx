import { ViewportPortal } from '@xyflow/react';
import { type KeyboardEvent, type MouseEvent, memo, useMemo } from 'react';
import { create } from 'zustand';
import type { GraphEdge } from '../../engine/document/schema.ts';
import { type InferredShapes, portKey } from '../../engine/graph/infer-shapes.ts';
import { sameItems } from '../../engine/shapes/same-items.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { nameOf } from './canvas-actions.ts';
import { typeColour } from './colours.ts';
import { translation, useDrawn } from './drawn-store.ts';
import type { FlowNode } from './flow-items.ts';
import { shiftedRun, type WireRun, wireRuns } from './wire-curves.ts';
import type { Point } from './wire-geometry.ts';
import { wirePath } from './wire-path.ts';
import { useWiring } from './wiring-store.ts';

/** The wire under the pointer while the canvas is far away. */
export const useFarPointer = create<{ readonly wire: string | null }>(() => ({ wire: null }));

/** More wires than this are not shown one by one. */
const mostApart = 100;

interface FarWiresProps {
  readonly nodes: readonly FlowNode[];
  /** While a zoom changes that ends among cards, they stand for those that wait to be drawn, and cannot be worked on. */
  readonly near: boolean;
}

/**
 * All wires seen from afar, without their shapes: one path for each colour, which stays as it is while the canvas is moved. Those that
 * are worked on (selected, or at a selected node, or under the pointer) are drawn for themselves: they follow a drag, take the focus
 * and can be selected.
 */
export function FarWires({ nodes, near }: FarWiresProps) {
  const edges = useDocumentStore((s) => s.document.edges);
  const selection = useDocumentStore((s) => s.selection);
  const outputs = useDocumentStore((s) => s.inferred.outputs);
  const problems = useDocumentStore((s) => s.problems);
  const hovered = useFarPointer((s) => s.wire);
  const dropWire = useWiring((s) => s.dropWire);
  const dragged = useDrawn((s) => s.dragged);
  const shift = useDrawn((s) => s.shift);

  const apart = useMemo(() => {
    if (near) return new Set<string | null>();
    const worked = edges.filter(({ id, from, to }) => selection.has(id) || selection.has(from.node) || selection.has(to.node));
    return new Set([...(worked.length > mostApart ? [] : worked.map(({ id }) => id)), hovered, dropWire]);
  }, [edges, selection, hovered, dropWire, near]);
  const wires = useMemo(() => new Map(edges.map((edge) => [edge.id, edge])), [edges]);
  const styles = useMemo(() => {
    const broken = new Set(problems.map(({ edge }) => edge));
    return new Map(edges.map((edge) => [edge.id, styleOf(edge, outputs, broken)]));
  }, [edges, outputs, problems]);
  const byId = useMemo(() => new Map(nodes.map((node) => [node.id, node])), [nodes]);
  const { groups, single } = useMemo(() => {
    const groups = new Map<string, Group>();
    const single: WireRun[] = [];
    for (const run of wireRuns(edges, byId)) {
      if (apart.has(run.id)) single.push(run);
      else {
        const style = styles.get(run.id) ?? '';
        const ends = Number(dragged.has(run.source)) + Number(dragged.has(run.target));
        const key = `${style} ${ends}`;
        const group = groups.get(key);
        if (group) group.runs.push(run);
        else groups.set(key, { key, style, ends, runs: [run] });
      }
    }
    return { groups: [...groups.values()], single };
  }, [edges, byId, apart, styles, dragged]);
  const now = (run: WireRun): WireRun => shiftedRun(run, dragged, shift);
  return (
    <ViewportPortal>
      <svg className="far-wires" data-near={near} role="presentation">
        {groups.map(({ key, style, ends, runs }) => (
          <WireGroup key={key} style={style} runs={ends === 1 ? runs.map(now) : runs} shift={ends === 2 ? shift : null} />
        ))}
        {single.map((run) => (
          <FarWire
            key={run.id}
            run={now(run)}
            edge={wires.get(run.id)}
            style={styles.get(run.id) ?? ''}
            selected={selection.has(run.id)}
            marked={run.id === dropWire}
          />
        ))}
      </svg>
    </ViewportPortal>
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
  const { start, end, from, to } = run;
  const [path] = wirePath(start, from, end, to);
  paths.set(run, path);
  return path;
}

/** Wires of one colour of which no, one or both ends are dragged. */
interface Group {
  readonly key: string;
  readonly style: string;
  readonly ends: number;
  readonly runs: WireRun[];
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

/** As React Flow makes each wire. */
const asEdge = { role: 'group', tabIndex: 0, 'aria-roledescription': 'edge' };

interface FarWireProps {
  readonly run: WireRun;
  readonly edge: GraphEdge | undefined;
  readonly style: string;
  readonly selected: boolean;
  readonly marked: boolean;
}

const FarWire = memo(function FarWire({ run, edge, style, selected, marked }: FarWireProps) {
  const select = (more: boolean): void => {
    const { selection, select: choose } = useDocumentStore.getState();
    choose(more ? [...selection, run.id] : [run.id]);
  };
  const handlers = {
    onClick: (event: MouseEvent): void => {
      event.stopPropagation();
      select(event.shiftKey || event.ctrlKey || event.metaKey);
    },
    onKeyDown: (event: KeyboardEvent): void => {
      if (event.key === 'Enter' || event.key === ' ') select(false);
    },
  };
  const path = pathOf(run);
  return (
    <g
      className="react-flow__edge wire nopan"
      data-id={run.id}
      data-selected={selected}
      data-drop={marked}
      {...asEdge}
      {...handlers}
      aria-label={edge && `Wire from ${nameOf(edge.from.node)} to ${nameOf(edge.to.node)}`}
    >
      {(selected || marked) && <path className="wire__halo" d={path} style={{ stroke: style.split(' ')[0] }} />}
      <path className="far-wires__path react-flow__edge-path" d={path} style={lineOf(style)} />
      <path className="far-wires__target" d={path} />
    </g>
  );
});
