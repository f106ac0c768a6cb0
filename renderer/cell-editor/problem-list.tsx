import { CircleAlert, CircleCheck, TriangleAlert } from 'lucide-react';
import { applyRemedy } from '../../engine/cells/language/remedy.ts';
import { Button } from '../ui/button.tsx';
import { setEquations } from './cell-actions.ts';
import type { CellReading } from './read-cell.ts';

interface ProblemListProps {
  readonly id: string;
  readonly reading: CellReading;
  goTo(line: number, column: number): void;
}

/** What is wrong with the text, each with its line, its fix, and a button where that can be done at once. */
export function ProblemList({ id, reading, goTo }: ProblemListProps) {
  const { problems, text } = reading;
  return (
    <section className="cell-problems" aria-label="Problems of the cell">
      {problems.length === 0 && (
        <p className="cell-problems__none">
          <CircleCheck size={14} aria-hidden /> No problems
        </p>
      )}
      <ul>
        {problems.map((problem) => {
          const { line, column, severity, message, fix, remedy } = problem;
          return (
            <li key={`${line}:${column}:${message}`} data-severity={severity}>
              <button type="button" className="cell-problems__place" onClick={() => goTo(line, column)}>
                {severity === 'error' ? <CircleAlert size={15} aria-hidden /> : <TriangleAlert size={15} aria-hidden />}
                <span>
                  <strong>
                    Line {line}: {message}.
                  </strong>{' '}
                  {fix}
                </span>
              </button>
              {remedy && (
                <Button
                  size="small"
                  onClick={() => {
                    setEquations(id, applyRemedy(text, remedy), `remedy-${line}-${column}`);
                    goTo(remedy.edit.kind === 'replace' ? remedy.edit.line : line, column);
                  }}
                >
                  {remedy.title}
                </Button>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
