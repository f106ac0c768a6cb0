import { Play } from 'lucide-react';
import { useDeferredValue, useMemo } from 'react';
import type { RunSummary } from '../../engine/protocol/runs.ts';
import { FixButton } from '../canvas/fix-button.tsx';
import { useDocumentStore } from '../store/document-store.ts';
import { runningRun, startTraining, useTrainingStore } from '../training/store.ts';
import { Button } from '../ui/button.tsx';
import { ailments } from './ailments.ts';
import './health-note.css';
import { lastingVerdicts } from './lasting-verdicts.ts';

/** Says what is wrong inside of a run's network, with the edits that help and the training that shows whether they did. */
export function HealthNote({ run }: { readonly run: RunSummary }) {
  const measured = useTrainingStore((s) => s.curves[run.id]?.health);
  const trained = useTrainingStore((s) => s.documents[run.id]);
  const whole = useDeferredValue(useDocumentStore((s) => s.whole));
  const free = useTrainingStore((s) => s.pending === null && runningRun(s) === null);
  // Another document may have nodes of the same ids: nothing there is a fix.
  const own = whole.name === run.documentName;
  const found = useMemo(() => {
    if (!measured || !trained) return [];
    const before = lastingVerdicts(trained, measured);
    return ailments(own ? lastingVerdicts(whole, measured) : before, trained, own ? before : []);
  }, [measured, trained, whole, own]);
  if (found.length === 0) return null;
  return (
    <section className="other-graph health-note" aria-label="Health">
      {found.map(({ kind, title, message, remedies }) => (
        <div key={kind} className="health-note__row">
          <p>
            <strong role="status">{title}</strong> {message}
          </p>
          {remedies.map((remedy) => (
            <FixButton key={remedy.label} remedy={remedy} spelled />
          ))}
        </div>
      ))}
      {own && free && (
        <Button size="small" onClick={() => void startTraining()}>
          <Play size={13} aria-hidden /> Train again
        </Button>
      )}
    </section>
  );
}
