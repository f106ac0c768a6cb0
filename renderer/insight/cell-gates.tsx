import { useMemo } from 'react';
import { useDocumentStore } from '../store/document-store.ts';
import { withMinus } from '../training/metric-format.ts';
import { barNames, type GateFigure, gateFigure } from './gate-figures.ts';
import { recurrenceOfNode } from './recurrence-of-node.ts';
import { useInsight } from './store.ts';
import { rowAt } from './time-axis.ts';
import { useValues } from './use-values.ts';

/** How open a cell's gates are at the cursor, on its card: mean of the units, and where eight of ten of them lie. */
export function CellGates({ cell }: { readonly cell: string }) {
  const trace = useInsight((s) => s.trace);
  const chosen = useInsight((s) => s.place);
  const document = useDocumentStore((s) => s.document);
  // The graph is read where the place is looked for: an edit of it may change which wrapper runs this cell.
  const found = useMemo(
    () => (trace && document ? recurrenceOfNode(trace, cell, chosen) : null),
    [trace, document, cell, chosen],
  );
  const recurrence = found?.recurrence;
  const bars = useMemo(() => (recurrence ? barNames(recurrence) : []), [recurrence]);
  const values = useValues(
    trace?.trace ?? null,
    found?.place ?? null,
    useMemo(() => bars.map(({ name }) => name), [bars]),
  );
  const row = useInsight((s) => (s.trace && recurrence ? rowAt(s.cursor, recurrence.steps, s.trace.steps) : null));
  const figures = bars.flatMap(({ name, range }) => {
    const matrix = values?.matrices.get(name);
    const figure = matrix && row !== null ? gateFigure(matrix, row) : null;
    return figure ? [{ name, signed: range === '-1..1', figure }] : [];
  });
  if (figures.length === 0) return null;
  const words = figures.map(({ name, figure }) => `${name} ${withMinus(figure.mean.toFixed(2))}`).join(', ');
  return (
    <div
      className="cell-gates"
      role="img"
      aria-label={`Mean of the gates at this step: ${words}`}
      title={`Mean of the units: ${words}`}
    >
      {figures.map((one) => (
        <Bar key={one.name} {...one} />
      ))}
    </div>
  );
}

function Bar({ name, signed, figure }: { readonly name: string; readonly signed: boolean; readonly figure: GateFigure }) {
  const share = (value: number): number => 100 * (signed ? (value + 1) / 2 : value);
  const span = (from: number, to: number) => ({
    left: `${Math.min(from, to)}%`,
    width: `${Math.max(0.8, Math.abs(to - from))}%`,
  });
  return (
    <>
      <span>{name}</span>
      <span className="cell-gates__bar">
        <i style={span(share(0), share(figure.mean))} />
        <i className="cell-gates__spread" style={span(share(figure.low), share(figure.high))} />
      </span>
    </>
  );
}
