import { Suspense } from 'react';
import { rowsOf } from '../../engine/cells/language/parse.ts';
import { Equation } from '../ui/equation.tsx';
import { choose, useCellView } from './cell-view-store.ts';
import { type CellReading, nodeOnLine } from './read-cell.ts';

/** The equations set in type, a row each; a row is the same line as in the text and the graph. */
export function TypesetLines({ reading }: { readonly reading: CellReading }) {
  const line = useCellView((s) => s.line);
  if (reading.latex.length === 0) return null;
  const rows = rowsOf(reading.text);
  return (
    <section className="typeset" aria-label="Equations set in type">
      <Suspense fallback={null}>
        {reading.latex.map((row) => (
          <button
            type="button"
            key={row.line}
            className="typeset__row"
            aria-pressed={row.line === line}
            aria-label={`Line ${row.line}: ${rows[row.line - 1]?.split('#', 1)[0]?.trim()}`}
            onClick={() => {
              const node = nodeOnLine(reading, row.line);
              choose(node === null ? [] : [node], row.line);
            }}
          >
            <Equation tex={`${row.left} = ${row.right}`} display={false} />
          </button>
        ))}
      </Suspense>
    </section>
  );
}
