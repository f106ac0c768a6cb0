import { CircleAlert, CircleCheck, TriangleAlert, X } from 'lucide-react';
import { useDocumentStore } from '../store/document-store.ts';
import { useUiStore } from '../store/ui-store.ts';
import { IconButton } from '../ui/button.tsx';
import { focusNode, nameOf } from './canvas-actions.ts';
import { FixButton } from './fix-button.tsx';
import './problems-panel.css';

/** Everything that keeps the graph from training, or makes it train badly; each leads to its node, and mends itself where it can. */
export function ProblemsPanel() {
  const problems = useDocumentStore((s) => s.problems);
  const setOpen = useUiStore((s) => s.setProblemsOpen);
  const setTab = useUiStore((s) => s.setTab);
  return (
    <section className="problems" aria-label="Problems">
      <div className="problems__head">
        <h2 className="section-title">Problems</h2>
        <IconButton label="Close problems" size="small" onClick={() => setOpen(false)}>
          <X size={14} aria-hidden />
        </IconButton>
      </div>
      {problems.length === 0 ? (
        <p className="problems__none">
          <CircleCheck size={15} aria-hidden /> No problems: the graph can be trained.
        </p>
      ) : (
        <ul className="problems__list">
          {problems.map((problem) => (
            <li key={`${problem.node}/${problem.edge}/${problem.message}`} className="problems__row">
              <button
                type="button"
                className="problems__item"
                onClick={() => {
                  if (problem.node !== null) focusNode(problem.node);
                  else if (problem.message.includes('data')) setTab('data');
                }}
              >
                <span className="problems__icon" data-severity={problem.severity}>
                  {problem.severity === 'error' ? <CircleAlert size={15} aria-hidden /> : <TriangleAlert size={15} aria-hidden />}
                </span>
                <span>
                  <strong>{problem.node === null ? 'Graph' : nameOf(problem.node)}</strong>: {problem.message}.{' '}
                  <span className="problems__fix">{problem.fix}</span>
                </span>
              </button>
              {problem.remedy && <FixButton remedy={problem.remedy} />}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
