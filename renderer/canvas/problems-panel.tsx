import { CircleAlert, TriangleAlert, X } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useDocumentStore } from '../store/document-store.ts';
import { announce, useUiStore } from '../store/ui-store.ts';
import { IconButton } from '../ui/button.tsx';
import { FixButton } from './fix-button.tsx';
import { focusProblem, placeOfProblem } from './problem-place.ts';
import './problems-panel.css';

/**
 * Everything that keeps the graph from training, or makes it train badly; each leads to its node, and mends itself where it can. With
 * the last problem it goes.
 */
export function ProblemsPanel() {
  const problems = useDocumentStore((s) => s.meaning.problems);
  const setOpen = useUiStore((s) => s.setProblemsOpen);
  const setTab = useUiStore((s) => s.setTab);
  const none = problems.length === 0;
  const focused = useRef(false);
  useEffect(() => {
    if (!none) return;
    setOpen(false);
    announce('No problems left: the graph can be trained.');
    // The button that mended the last one is gone.
    if (focused.current) document.querySelector<HTMLElement>('main')?.focus();
  }, [none, setOpen]);
  if (none) return null;
  return (
    <section
      className="problems"
      aria-label="Problems"
      onFocus={() => {
        focused.current = true;
      }}
      onBlur={() => {
        focused.current = false;
      }}
    >
      <div className="problems__head">
        <h2 className="section-title">Problems</h2>
        <IconButton label="Close problems" size="small" onClick={() => setOpen(false)}>
          <X size={14} aria-hidden />
        </IconButton>
      </div>
      <ul className="problems__list">
        {problems.map((problem) => (
          <li
            key={`${problem.inside?.path.join('/')}/${problem.inside?.node ?? problem.node}/${problem.edge}/${problem.message}`}
            className="problems__row"
          >
            <button
              type="button"
              className="problems__item"
              onClick={() => {
                if (problem.node !== null) focusProblem(problem);
                else if (problem.message.includes('data')) setTab('data');
              }}
            >
              <span className="problems__icon" data-severity={problem.severity}>
                {problem.severity === 'error' ? <CircleAlert size={15} aria-hidden /> : <TriangleAlert size={15} aria-hidden />}
              </span>
              <span>
                <strong>{placeOfProblem(problem)}</strong>: {problem.message}.{' '}
                <span className="problems__fix">{problem.fix}</span>
              </span>
            </button>
            {problem.remedy && <FixButton remedy={problem.remedy} />}
          </li>
        ))}
      </ul>
    </section>
  );
}
