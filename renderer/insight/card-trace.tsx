import { type PointerEvent, useEffect, useMemo, useRef } from 'react';
import type { GraphNode } from '../../engine/document/schema.ts';
import { findLayer } from '../../engine/layers/registry.ts';
import type { Trace, TracedNode, TracedRecurrence, TracedStep } from '../../engine/protocol/inspect.ts';
import './card-trace.css';
import { CellGates } from './cell-gates.tsx';
import { largest, type Matrix, matrixOf } from './matrix.ts';
import { pixelsOf, putOn } from './pixels.ts';
import { useColourTables } from './scale-colours.ts';
import { setCursor, useInsight } from './store.ts';
import { stripScale } from './strip-scale.ts';
import { axisOf, cursorAt, rowAt } from './time-axis.ts';
import { useTracedNode } from './use-traced-node.ts';
import { useValues } from './use-values.ts';

/** What flows through a node, on its card; nothing while no network is looked into. */
export function CardTrace({ node }: { readonly node: GraphNode }) {
  const open = useInsight((s) => s.trace !== null);
  if (!open) return null;
  return findLayer(node.kind)?.family === 'cell' ? <CellGates cell={node.id} /> : <NodeStrips node={node} />;
}

function NodeStrips({ node }: { readonly node: GraphNode }) {
  const found = useTracedNode(node.id);
  const output = found?.node.outputs[0];
  const strip = useMemo(() => output && matrixOf(output.strip), [output]);
  if (!found || !output || !strip) return null;
  const { trace, node: traced } = found;
  const [recurrence] = traced.recurrent;
  // What gives its last step alone has a state at every step.
  if (recurrence && axisOf(output.steps, trace.steps) === 'none')
    return <StateStrip trace={trace} node={traced} recurrence={recurrence} />;
  return <Strip trace={trace} steps={output.steps} values={strip} units={output.units} title={traced.title} />;
}

interface StateStripProps {
  readonly trace: Trace;
  readonly node: TracedNode;
  readonly recurrence: TracedRecurrence;
}

function StateStrip({ trace, node, recurrence }: StateStripProps) {
  const { layer, direction, states, steps } = recurrence;
  const name = `${states[0]?.name ?? 'h'}'`;
  const place = useMemo(() => ({ node: node.node, layer, direction }), [node.node, layer, direction]);
  const matrix = useValues(
    trace.trace,
    place,
    useMemo(() => [name], [name]),
  )?.matrices.get(name);
  if (!matrix) return <div className="card-trace" />;
  return <Strip trace={trace} steps={steps} values={matrix} units={matrix.columns} title={`${node.title}, its state ${name}`} />;
}

interface StripProps {
  readonly trace: Trace;
  /** Of its own time axis. */
  readonly steps: readonly TracedStep[];
  /** `[steps, units]`, or means of neighbours where that is too large for a card. */
  readonly values: Matrix;
  readonly units: number;
  readonly title: string;
}

/** Numbers over time, steps × units in small. Its mark follows the cursor, and leads it where it is dragged. */
function Strip({ trace, steps, values, units, title }: StripProps) {
  const alone = axisOf(steps, trace.steps) === 'none';
  const canvas = useRef<HTMLCanvasElement>(null);
  const tables = useColourTables();
  useEffect(() => {
    const area = canvas.current;
    // What has no time lies: its units from left to right.
    const lying = alone ? { rows: values.columns, columns: values.rows, data: values.data } : values;
    const scale = stripScale(values);
    const order = Array.from({ length: lying.columns }, (_, unit) => unit);
    const pixels = area && pixelsOf(lying, order, scale, tables[scale.kind]);
    if (area && pixels) putOn(area, pixels);
  }, [values, alone, tables]);
  const count = steps.length;
  const row = useInsight((s) => rowAt(s.cursor, steps, trace.steps));
  const scrub = (event: PointerEvent<HTMLElement>): void => {
    if (alone || (event.buttons & 1) === 0) return;
    const { left, width } = event.currentTarget.getBoundingClientRect();
    const at = Math.min(count - 1, Math.max(0, Math.floor(((event.clientX - left) / Math.max(1, width)) * count)));
    setCursor(cursorAt(at, steps, trace.steps));
  };
  if (values.rows === 0 || values.columns === 0) return null;
  const words = alone ? `${units} numbers` : `${units} numbers at each of ${count} steps`;
  return (
    <div
      className="card-trace nodrag"
      data-flat={alone || values.columns < 4}
      role="img"
      aria-label={`What ${title} gives: ${words}`}
      title={`${words}, largest ${largest(values).toPrecision(3)}`}
      onPointerDown={scrub}
      onPointerMove={scrub}
    >
      <canvas ref={canvas} />
      {!alone && row !== null && (
        <span className="card-trace__cursor" style={{ left: `${(100 * row) / count}%`, width: `${100 / count}%` }} />
      )}
    </div>
  );
}
