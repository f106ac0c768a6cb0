import { Play, Table2 } from 'lucide-react';
import { LookAtCanvasRun } from '../insight/look-button.tsx';
import { useDocumentStore } from '../store/document-store.ts';
import { useUiStore } from '../store/ui-store.ts';
import { Button } from '../ui/button.tsx';
import { startTraining, useTrainingStore } from './store.ts';

/** Before the first run: what will be seen here, and the one thing to do next. */
export function EmptyTraining() {
  const hasData = useDocumentStore((s) => s.document.data !== null);
  const problems = useDocumentStore((s) => s.problems);
  const errors = problems.filter((p) => p.severity === 'error');
  const problemsOpen = useUiStore((s) => s.problemsOpen);
  const pending = useTrainingStore((s) => s.pending);
  const openData = (): void => useUiStore.getState().setTab('data');
  return (
    <div className="training__empty">
      <div>
        <h2>Watch it learn</h2>
        <p>
          Loss curves, live figures beside the trivial baseline, examples with predicted and true labels, and a box to try your
          own text appear here while the network trains.
        </p>
        {hasData && errors[0] && (
          <p className="training__blocked">
            {errors.length === 1 ? 'One problem' : `${errors.length} problems`} to fix first
            {problemsOpen ? '.' : `: ${errors[0].message}. ${errors[0].fix}`}
          </p>
        )}
      </div>
      <LookAtCanvasRun />
      {!hasData ? (
        <Button variant="primary" onClick={openData}>
          <Table2 size={14} aria-hidden /> Choose data
        </Button>
      ) : (
        <Button variant="primary" disabled={pending !== null || errors.length > 0} onClick={() => void startTraining()}>
          <Play size={14} aria-hidden /> {pending === 'start' ? 'Starting …' : 'Train'}
        </Button>
      )}
    </div>
  );
}
