import { useMemo, useState } from 'react';
import type { Trace } from '../../engine/protocol/inspect.ts';
import { Segmented } from '../ui/segmented.tsx';
import { Spinner } from '../ui/spinner.tsx';
import type { NumberScale } from './colour-scale.ts';
import { HeatMap } from './heat-map.tsx';
import { lineLabel } from './line-words.ts';
import { largest, type Matrix } from './matrix.ts';
import type { RecurrenceViewProps } from './of-recurrence.tsx';
import { ScaleLegend } from './scale-legend.tsx';
import { byDifference, stateDifference, whereDifferent } from './state-difference.ts';
import { shown } from './step-equations.ts';
import { stepNames } from './step-names.ts';
import { pinUnit, recurrenceOf, setCursor, useInsight } from './store.ts';
import { axisOf, cursorAt, rowAt } from './time-axis.ts';
import { useValues } from './use-values.ts';
import { ViewHead } from './view-head.tsx';

interface StateDifferenceProps extends RecurrenceViewProps {
  readonly changed: Trace;
  /** For each step of its input, which it was before. */
  readonly was: readonly (number | null)[];
}

const nothing = (): void => undefined;

/** Where a line of the cell differs from before, units × steps. */
export function StateDifference({ trace, changed, was, recurrence, place, node }: StateDifferenceProps) {
  const cursor = useInsight((s) => s.cursor);
  const unit = useInsight((s) => s.unit);
  const [chosen, setChosen] = useState<string | null>(null);
  const usual = recurrence.values.find(({ role }) => role === 'state') ?? recurrence.values[0];
  const line = recurrence.values.find(({ name }) => name === chosen) ?? usual;
  const lineNames = useMemo(() => (line ? [line.name] : []), [line]);
  const before = useValues(trace.trace, place, lineNames);
  const after = useValues(changed.trace, place, lineNames);
  const now = useMemo(() => recurrenceOf(changed, place)?.recurrence ?? recurrence, [changed, place, recurrence]);
  const rows = useMemo(
    () => rowsBefore(recurrence.steps, now.steps, trace, changed, was),
    [recurrence, now, trace, changed, was],
  );
  const [own, other] = [line && before?.matrices.get(line.name), line && after?.matrices.get(line.name)];
  const fits = own !== undefined && other !== undefined && rows !== null && other.rows === rows.length;
  const matrix = useMemo(
    (): Matrix | null => (fits && own && other && rows ? stateDifference(own, other, rows) : null),
    [fits, own, other, rows],
  );
  const order = useMemo(() => (matrix ? byDifference(matrix) : []), [matrix]);
  const scale = useMemo((): NumberScale => ({ kind: 'signed', extent: (matrix && largest(matrix)) || 1 }), [matrix]);
  const names = useMemo(() => stepNames(now.steps, changed.steps), [now.steps, changed.steps]);
  const words = useMemo(
    () => matrix && whereDifferent(matrix, recurrence.direction === 'backward'),
    [matrix, recurrence.direction],
  );
  if (!line) return null;
  const label = lineLabel(line.name);
  const isNew = rows?.includes(null) === true;
  return (
    <>
      <ViewHead
        title="Where the states part"
        shows={`${label} after less ${label} before; orange is more, blue less, units that differ most on top.`}
        lookFor={isNew ? 'A red column is new: there is nothing to compare it with.' : 'Look for where the first colour appears.'}
      >
        <Segmented
          label="Line that is compared"
          value={line.name}
          onChange={setChosen}
          options={recurrence.values.map(({ name }) => ({ value: name, label: lineLabel(name) }))}
        />
        <ScaleLegend scale={scale} />
      </ViewHead>
      {rows === null && (
        <p className="view-head__words">
          Several steps of the input are joined into one here, and another number of tokens joins others: before and after cannot
          be set against each other.
        </p>
      )}
      {rows !== null && !matrix && <Spinner label="Reading the values …" />}
      {matrix && words && (
        <>
          <p className="view-head__words kept">
            {words.first === null ? (
              `${label} is the same at every step, but for rounding.`
            ) : (
              <>
                {words.units} of {matrix.columns} units differ, from “{names[words.first]}” (step {words.first + 1}) on; most unit{' '}
                {words.unit} at “{names[words.row]}”: <b>{shown(words.change)}</b>.
              </>
            )}
          </p>
          <HeatMap
            label={`Difference of ${label} of ${node.title}, units × steps`}
            matrix={matrix}
            order={order}
            scale={scale}
            names={names}
            rowName={(row) => `Unit ${row}`}
            quantity={`change of ${label}`}
            cursor={fitting(rowAt(cursor, now.steps, changed.steps), matrix.rows)}
            unit={line.units === 1 ? 0 : unit}
            range={null}
            hint="Point at a number to read it; a click pins its unit."
            onCursor={(step) => setCursor(cursorAt(step, now.steps, changed.steps))}
            onPin={(row) => pinUnit(line.units === 1 ? null : row)}
            onRange={nothing}
          />
        </>
      )}
    </>
  );
}

const fitting = (row: number | null, rows: number): number | null => (row !== null && row < rows ? row : null);

type Steps = Trace['steps'];

/** For each row after, which row it was before; `null` where rows cannot be set against each other. */
function rowsBefore(
  before: Steps,
  after: Steps,
  trace: Trace,
  changed: Trace,
  was: readonly (number | null)[],
): readonly (number | null)[] | null {
  if (axisOf(after, changed.steps) === 'input' && axisOf(before, trace.steps) === 'input') {
    // A token that is read instead stands in its place.
    return before.length === after.length ? after.map((_, row) => row) : was;
  }
  return before.length === after.length ? after.map((_, row) => row) : null;
}
