import { Suspense, useMemo } from 'react';
import type { Trace, TracedRecurrence } from '../../engine/protocol/inspect.ts';
import { Equation } from '../ui/equation.tsx';
import { ScrollRegion } from '../ui/scroll-region.tsx';
import { at, columnOf, type Matrix } from './matrix.ts';
import { keepings, numberedLines, shown, timeConstant, type ValueOf } from './step-equations.ts';
import { type Place, pinUnit, useInsight } from './store.ts';
import { rowAt } from './time-axis.ts';
import { useValues } from './use-values.ts';

interface UnitPanelProps {
  readonly trace: Trace;
  readonly place: Place;
  readonly recurrence: TracedRecurrence;
  /** Names of its steps. */
  readonly steps: readonly string[];
  /** The value that the map shows. */
  readonly line: string;
  readonly matrix: Matrix | null;
}

/** The cell's equations with the numbers of the pinned unit at the cursor. */
export function UnitPanel(props: UnitPanelProps) {
  const unit = useInsight((s) => s.unit);
  return (
    <ScrollRegion label="The unit in numbers" className="unit-panel">
      {unit === null ? (
        <p className="unit-panel__hint">
          Click a row of the map to pin a unit: the cell’s equations stand here with its numbers at the cursor.
        </p>
      ) : (
        <PinnedUnit {...props} unit={unit} />
      )}
    </ScrollRegion>
  );
}

function PinnedUnit({ trace, place, recurrence, steps, line, matrix, unit }: UnitPanelProps & { readonly unit: number }) {
  const cursor = useInsight((s) => s.cursor);
  const row = rowAt(cursor, recurrence.steps, trace.steps);
  const names = useMemo(
    () => [...recurrence.values.map(({ name }) => name), ...recurrence.states.map(({ name }) => name)],
    [recurrence],
  );
  const values = useValues(trace.trace, place, names);
  const lines = useMemo(
    () => (values && row !== null ? numberedLines(recurrence.equations, valueAt(values.matrices, row, unit)) : []),
    [recurrence.equations, values, row, unit],
  );
  return (
    <>
      <h3>
        Unit {unit}
        <span className="unit-panel__where">
          {row === null ? 'not at this step' : `step ${row + 1} of ${steps.length}, “${steps[row]}”`}
        </span>
        <button type="button" className="unit-panel__unpin" onClick={() => pinUnit(null)}>
          Unpin
        </button>
      </h3>
      {lines.length > 0 && (
        <div className="unit-panel__equations">
          <Suspense fallback={null}>
            {lines.map(({ name, left, right, numbers, value }) => (
              <div key={name} className="unit-panel__line" data-shown={name === line}>
                <Equation tex={`${left} = ${right}`} display={false} />
                <span className="unit-panel__result">
                  {numbers !== null && <Equation tex={`= ${numbers}`} display={false} />}
                  {value !== null && <b> = {shown(value).replace('-', '−')}</b>}
                </span>
              </div>
            ))}
          </Suspense>
        </div>
      )}
      {values && row !== null && (
        <Keeping recurrence={recurrence} matrices={values.matrices} row={row} unit={unit} steps={steps} />
      )}
      {matrix && matrix.columns > 1 && <Alike matrix={matrix} unit={unit} />}
    </>
  );
}

const valueAt =
  (matrices: ReadonlyMap<string, Matrix>, row: number, unit: number): ValueOf =>
  (name) => {
    const matrix = matrices.get(name);
    if (!matrix) return null;
    const value = at(matrix, row, matrix.columns === 1 ? 0 : unit);
    return Number.isNaN(value) ? null : value;
  };

interface KeepingProps {
  readonly recurrence: TracedRecurrence;
  readonly matrices: ReadonlyMap<string, Matrix>;
  readonly row: number;
  readonly unit: number;
  readonly steps: readonly string[];
}

/** How long a state lasts that is only scaled: by the gate at this step, and by all gates so far. */
function Keeping({ recurrence, matrices, row, unit, steps }: KeepingProps) {
  const range = useInsight((s) => s.range);
  const all = useMemo(() => keepings(recurrence.equations), [recurrence.equations]);
  const backward = recurrence.direction === 'backward';
  return all.map((keeping) => {
    const here = keeping.factor(valueAt(matrices, row, unit));
    if (here === null) return null;
    const last = steps.length - 1;
    const [from, to] = range ? [range.from, range.to] : backward ? [row, last] : [0, row];
    // What is there after the first step is kept by the gates of the others.
    const between = Array.from({ length: to - from }, (_, step) => (backward ? from + step : from + 1 + step));
    const kept = between.reduce((product, step) => product * (keeping.factor(valueAt(matrices, step, unit)) ?? Number.NaN), 1);
    const constant = timeConstant(here);
    const [first, end] = backward ? [to, from] : [from, to];
    return (
      <p key={keeping.state} className="unit-panel__keeping">
        This step keeps <b>{(100 * here).toFixed(1)} %</b> of {keeping.state} by {keeping.written}: at that rate a third (1/e) is
        left after{' '}
        <b>
          {constant === Number.POSITIVE_INFINITY ? 'no number of' : constant < 10 ? constant.toFixed(1) : Math.round(constant)}
        </b>{' '}
        steps (−1/ln {keeping.written}). From “{steps[first]}” to “{steps[end]}” it keeps{' '}
        <b>{kept < 1e-4 ? kept.toExponential(1) : `${(100 * kept).toFixed(kept < 0.01 ? 3 : 1)} %`}</b>.
      </p>
    );
  });
}

/** Units whose line runs most like this one's. */
function Alike({ matrix, unit }: { readonly matrix: Matrix; readonly unit: number }) {
  const alike = useMemo(() => {
    const own = columnOf(matrix, unit);
    const distance = (other: number): number =>
      columnOf(matrix, other).reduce((sum, value, step) => sum + (value - (own[step] ?? 0)) ** 2, 0);
    return Array.from({ length: matrix.columns }, (_, other) => ({ other, away: distance(other) }))
      .filter(({ other }) => other !== unit)
      .sort((a, b) => a.away - b.away)
      .slice(0, 5)
      .map(({ other }) => other);
  }, [matrix, unit]);
  return (
    <div className="unit-panel__alike">
      <h4>Units like this one</h4>
      {alike.map((other) => (
        <button key={other} type="button" aria-label={`Pin unit ${other}`} onClick={() => pinUnit(other)}>
          {other}
        </button>
      ))}
    </div>
  );
}
