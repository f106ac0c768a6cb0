import { Pause, Play, RotateCcw, Square } from 'lucide-react';
import type { RunSummary } from '../../engine/protocol/runs.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { pause, resume, runningRun, startTraining, stop, useTrainingStore } from './store.ts';

/** Pause, resume, stop, or train anew: what this run's status allows. */
export function RunControls({ run }: { readonly run: RunSummary }) {
  const pending = useTrainingStore((s) => s.pending);
  const running = useTrainingStore(runningRun);
  const busy = pending !== null;
  const live = run.status === 'running' || run.status === 'paused';
  return (
    <>
      {run.status === 'running' && (
        <IconButton label="Pause training" size="small" disabled={busy} onClick={() => void pause()}>
          <Pause size={15} aria-hidden />
        </IconButton>
      )}
      {run.status === 'paused' && (
        <Button size="small" variant="primary" disabled={busy} onClick={() => void resume(run.id)}>
          <Play size={13} aria-hidden /> Resume
        </Button>
      )}
      {live && (
        <IconButton label="Stop training" size="small" disabled={busy} onClick={() => void stop()}>
          <Square size={14} aria-hidden />
        </IconButton>
      )}
      {run.status === 'stopped' && running === null && (
        <Button size="small" disabled={busy} onClick={() => void resume(run.id)}>
          <RotateCcw size={13} aria-hidden /> Resume
        </Button>
      )}
      {!live && running === null && (
        <Button size="small" disabled={busy} onClick={() => void startTraining()}>
          <Play size={13} aria-hidden /> Train anew
        </Button>
      )}
    </>
  );
}
