import { useMemo, useState } from 'react';
import { latexLines } from '../../engine/cells/language/latex.ts';
import { parseCell } from '../../engine/cells/language/parse.ts';
import { Segmented } from '../ui/segmented.tsx';
import { Select } from '../ui/select.tsx';
import { Spinner } from '../ui/spinner.tsx';
import { HeatMap } from './heat-map.tsx';
import { lineLabel, lineWords } from './line-words.ts';
import type { RecurrenceViewProps } from './of-recurrence.tsx';
import { ScaleLegend } from './scale-legend.tsx';
import { scaleOf, shownValue } from './shown-value.ts';
import { keepings } from './step-equations.ts';
import { stepNames } from './step-names.ts';
import { pinUnit, setCursor, setLine, setRange, useInsight } from './store.ts';
import { axisOf, cursorAt, rowAt } from './time-axis.ts';
import type { OrderName } from './unit-order.ts';
import { UnitPanel } from './unit-panel.tsx';
import { useUnitOrder } from './use-unit-order.ts';
import { useValues } from './use-values.ts';
import { ViewHead } from './view-head.tsx';

/** Units × time of a line of the cell, and one unit at the cursor in numbers. */
export function StepView({ trace, node, recurrence, place }: RecurrenceViewProps) {
  const line = useInsight((s) => s.line);
  const cursor = useInsight((s) => s.cursor);
  const unit = useInsight((s) => s.unit);
  const range = useInsight((s) => s.range);
  const [order, setOrder] = useState<OrderName>('similarity');
  const kept = useMemo(() => keepings(recurrence.equations), [recurrence.equations]);
  const value = useMemo(() => shownValue(recurrence, line), [recurrence, line]);
  const names = useMemo(() => (value ? [value.name] : []), [value]);
  const values = useValues(trace.trace, place, names);
  const matrix = value && values?.matrices.get(value.name);
  const scale = useMemo(() => scaleOf(value?.range ?? 'free', matrix ? [matrix] : []), [value?.range, matrix]);
  const rows = useUnitOrder(matrix ?? null, order, value?.range ?? 'free');
  const tex = useMemo(() => equationOf(recurrence.equations, value?.name ?? ''), [recurrence.equations, value?.name]);
  const steps = useMemo(() => stepNames(recurrence.steps, trace.steps), [recurrence.steps, trace.steps]);
  if (!value) return null;
  const words = lineWords(
    value,
    kept.some(({ written }) => written === value.name),
  );
  const onInput = axisOf(recurrence.steps, trace.steps) === 'input';
  return (
    <div className="microscope__columns">
      <section className="microscope__main" aria-label={words.title}>
        <ViewHead title={words.title} shows={words.shows} lookFor={words.lookFor} tex={tex}>
          <Segmented
            label="Line of the cell"
            value={value.name}
            onChange={setLine}
            options={recurrence.values.map(({ name }) => ({ value: name, label: lineLabel(name) }))}
          />
          <Select<OrderName>
            label="Order of the units"
            value={order}
            onChange={setOrder}
            options={[
              { value: 'similarity', label: 'by similarity' },
              { value: 'saturation', label: 'by saturation' },
              { value: 'index', label: 'by index' },
            ]}
          />
          <ScaleLegend scale={scale} />
        </ViewHead>
        {matrix ? (
          <HeatMap
            label={`${lineLabel(value.name)} of ${node.title}, units × steps`}
            matrix={matrix}
            order={rows}
            scale={scale}
            names={steps}
            rowName={(row) => `Unit ${row}`}
            quantity={lineLabel(value.name)}
            cursor={rowAt(cursor, recurrence.steps, trace.steps)}
            unit={value.units === 1 ? 0 : unit}
            range={onInput ? range : null}
            onCursor={(step) => setCursor(cursorAt(step, recurrence.steps, trace.steps))}
            onPin={(row) => pinUnit(value.units === 1 ? null : row)}
            onRange={(next) => setRange(onInput ? next : null)}
          />
        ) : (
          <Spinner label="Reading the values …" />
        )}
      </section>
      <UnitPanel trace={trace} place={place} recurrence={recurrence} steps={steps} line={value.name} matrix={matrix ?? null} />
    </div>
  );
}

function equationOf(equations: string, name: string): string | undefined {
  const parsed = parseCell(equations);
  if (!parsed.ok) return undefined;
  const number = parsed.tree.find(
    ({ statement }) => statement?.kind === 'value' && `${statement.name}${statement.next ? "'" : ''}` === name,
  )?.number;
  const line = latexLines(parsed.tree).find((one) => one.line === number);
  return line && `${line.left} = ${line.right}`;
}
