import { useMemo } from 'react';
import type { RunSummary } from '../../engine/protocol/runs.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { announce } from '../store/ui-store.ts';
import { Button } from '../ui/button.tsx';
import { formatMetric } from './metric-format.ts';
import { overfitting } from './overfitting.ts';
import { useTrainingStore } from './store.ts';

/** Epochs without improvement that the offered early stopping allows. */
const patience = 3;

/** Says that a run learns its training split by heart, with early stopping as what helps. */
export function OverfittingNote({ run }: { readonly run: RunSummary }) {
  const curves = useTrainingStore((s) => s.curves[run.id]);
  const tick = useTrainingStore((s) => s.ticks[run.id] ?? 0);
  const stopsEarly = useDocumentStore((s) => s.document.training.earlyStoppingPatience !== null);
  const found = useMemo(() => (curves && tick >= 0 ? overfitting(curves) : null), [curves, tick]);
  if (!found) return null;
  const [best, last] = [formatMetric('loss', found.best), formatMetric('loss', found.last)];
  return (
    <div className="other-graph" role="status">
      <span>
        Since epoch {Number(found.since.toFixed(2))} it learns the training split by heart: the validation loss rose from {best}{' '}
        to {last} while the training loss fell. The weights kept as best are those of the best evaluation.
      </span>
      {!stopsEarly && (
        <Button
          size="small"
          onClick={() => {
            useDocumentStore.getState().setTraining({ earlyStoppingPatience: patience });
            announce(`Early stopping after ${patience} epochs without improvement is set for the next training.`);
          }}
        >
          Stop early next time
        </Button>
      )}
    </div>
  );
}
