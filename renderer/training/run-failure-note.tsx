import type { RunSummary } from '../../engine/protocol/runs.ts';
import { Button } from '../ui/button.tsx';
import { FailureNote } from './failure-note.tsx';
import { resume, trainSlower, useTrainingStore } from './store.ts';

/** A run that ended badly says why, and how to go on. One that diverged would diverge again: it goes on at a lower rate. */
export function RunFailureNote({ run }: { readonly run: RunSummary }) {
  const pending = useTrainingStore((s) => s.pending);
  if (run.status !== 'failed' && run.status !== 'interrupted') return null;
  const message = run.message ?? `The run ${run.status === 'failed' ? 'failed' : 'was interrupted'} at step ${run.step}.`;
  const diverged = run.failure === 'loss-not-finite';
  const button = (label: string, act: () => Promise<void>) => (
    <Button variant="primary" size="small" disabled={pending !== null} onClick={() => void act()}>
      {label}
    </Button>
  );
  return (
    <FailureNote failure={{ code: run.failure ?? run.status, message }}>
      {diverged
        ? button(`${run.best === null ? 'Start again' : 'Train on'} at a tenth of the rate`, () => trainSlower(run))
        : button('Resume', () => resume(run.id))}
    </FailureNote>
  );
}
