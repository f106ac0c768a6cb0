import { useMemo } from 'react';
import type { RunSummary } from '../../engine/protocol/runs.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { announce } from '../store/ui-store.ts';
import { Button } from '../ui/button.tsx';
import { formatMetric } from './metric-format.ts';
import { lowestLoss, overfitting, stoppedEarly } from './overfitting.ts';
import type { RunCurves } from './run-curves.ts';
import { useTrainingStore } from './store.ts';

/** Epochs without improvement that the offered early stopping allows. */
const patience = 3;

/** Says that a run learns its training split by heart, with early stopping as what helps; of one that was stopped so, says that it was. */
export function OverfittingNote({ run }: { readonly run: RunSummary }) {
  const curves = useTrainingStore((s) => s.curves[run.id]);
  const tick = useTrainingStore((s) => s.ticks[run.id] ?? 0);
  const stopsEarly = useDocumentStore((s) => s.document.training.earlyStoppingPatience !== null);
  const found = useMemo(() => (curves && tick >= 0 ? overfitting(curves) : null), [curves, tick]);
  if (stoppedEarly(run)) return <EarlyEnd run={run} curves={curves} />;
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

/** Early stopping has done what it is there for: nothing is left to be done. */
function EarlyEnd({ run, curves }: { readonly run: RunSummary; readonly curves: RunCurves | undefined }) {
  const loss = curves?.get('loss', run.judgedOn ?? 'validation');
  const at = loss ? lowestLoss(loss) : -1;
  if (!loss || at < 0) return null;
  const later = loss.value.length - 1 - at;
  return (
    <div className="other-graph" role="status">
      <span>
        Early stopping ended this run after epoch {Number(run.epoch.toFixed(2))} of {run.epochs}: its{' '}
        {run.judgedOn === 'train' ? 'training' : 'validation'} loss was lowest at epoch {Number((loss.epoch[at] ?? 0).toFixed(2))}
        , {formatMetric('loss', loss.value[at] ?? null)}, and no lower in{' '}
        {later === 1 ? 'the evaluation' : `the ${later} evaluations`} since. The weights kept as best are those of the best
        evaluation.
      </span>
    </div>
  );
}
