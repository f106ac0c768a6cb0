import { BaseEdge, type EdgeProps } from '@xyflow/react';
import { memo } from 'react';
import { portKey } from '../../engine/graph/infer-shapes.ts';
import { formatShape } from '../../engine/shapes/value-type.ts';
import { useNorm } from '../insight/use-traced-node.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { typeColour } from './colours.ts';
import { useDetail } from './detail-store.ts';
import { useDrawn } from './drawn-store.ts';
import type { FlowEdge } from './flow-items.ts';
import { firstWires } from './port-choices.ts';
import type { Point } from './wire-geometry.ts';
import { wirePath } from './wire-path.ts';
import { useWays, wayBetween } from './wire-ways.ts';
import { useWiring } from './wiring-store.ts';

const moved = ({ x, y }: Point, by: Point | null): Point => (by === null ? { x, y } : { x: x + by.x, y: y + by.y });

/** Wires whose ends differ by less in height have room for a label above their middle, px. */
const level = 24;
/** Between a wire that leads up or down and its label, right of where it begins, px; the label is on the other side of it. */
const beside = 8;
/** How high a label is, px. */
const labelHeight = 12;

/** A wire in its type's colour, with the shape of what flows. */
export const Wire = memo(function Wire({
  id,
  source,
  target,
  sourceHandleId,
  sourcePosition,
  targetPosition,
  selected,
  ...placed
}: EdgeProps<FlowEdge>) {
  const from = useDrawn((s) => (s.dragged.has(source) ? s.shift : null));
  const to = useDrawn((s) => (s.dragged.has(target) ? s.shift : null));
  const [lay, led] = [
    { x: placed.sourceX, y: placed.sourceY },
    { x: placed.targetX, y: placed.targetY },
  ];
  const [start, end] = [moved(lay, from), moved(led, to)];
  const corners = useWays((s) => wayBetween(s.ways.get(id), lay, led));
  // With both of its ends it moves as it is.
  const way = corners && (from === null) === (to === null) ? corners.map((corner) => moved(corner, from)) : null;
  const value = useDocumentStore((s) => s.inferred.outputs.get(portKey(source, sourceHandleId ?? '')));
  const broken = useDocumentStore((s) => s.problems.some((problem) => problem.edge === id));
  const near = useDetail((s) => s.near);
  const dropHere = useWiring((s) => s.dropWire === id);
  const [path, labelX, labelY] = wirePath(start, sourcePosition, end, targetPosition, way);
  const norm = useNorm(source, sourceHandleId ?? '');
  const cell = value?.type === 'cell';
  const colour = broken ? 'var(--bad)' : value ? typeColour[value.type] : 'var(--control-line)';
  const room = Math.abs((way?.at(-1) ?? end).x - start.x);
  // While a network is looked into, how much flows at this step.
  const flow = norm === null ? null : `‖·‖ ${norm.toPrecision(3)}`;
  // Half-way a wire that leads up or down would run through its label: it stands where the wire begins.
  const turns = way !== null || Math.abs(end.y - start.y) > level;
  // There it is the label of all wires of its port.
  const told = useDocumentStore((s) => !turns || firstWires(s.document.edges).has(id));
  const label = near && told && value && !cell ? (flow ?? formatShape(value)) : null;
  return (
    <g className="wire" data-selected={selected} data-drop={dropHere} data-cell={cell} data-type={value?.type}>
      {(selected || dropHere) && <path d={path} className="wire__halo" style={{ stroke: colour }} />}
      <BaseEdge id={id} path={path} interactionWidth={near ? 18 : 40} style={{ stroke: colour }} />
      {label !== null && room > 30 && (
        <text
          className="wire__label"
          {...(turns
            ? { x: start.x + beside, y: end.y < start.y ? start.y + beside + labelHeight : start.y - beside }
            : { x: labelX, y: labelY - 10, textAnchor: 'middle' })}
        >
          {label}
        </text>
      )}
    </g>
  );
});
