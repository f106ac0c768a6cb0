import { Pause, Play, Square } from 'lucide-react';
import type { ReactNode } from 'react';
import { useDocumentStore } from '../store/document-store.ts';
import { useUiStore } from '../store/ui-store.ts';
import { isStarting, runningRun, useTrainingStore } from '../training/store.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { Tooltip } from '../ui/tooltip.tsx';
import { stopTraining, trainOrPause } from './commands.ts';
import { keyLabel } from './keys.ts';

/** Train, pause or continue, whichever makes sense now. */
export function TrainButton({ icon }: { readonly icon: ReactNode }) {
  const status = useTrainingStore((s) => runningRun(s)?.status ?? null);
  const pending = useTrainingStore((s) => s.pending);
  const starting = useTrainingStore(isStarting);
  const errors = useDocumentStore((s) => s.meaning.problems.filter((p) => p.severity === 'error').length);
  const empty = useDocumentStore((s) => s.whole.nodes.length === 0);
  const blocked = status === null && (errors > 0 || empty);
  const label = starting ? 'Starting…' : status === 'running' ? 'Pause' : status === 'paused' ? 'Continue' : 'Train';
  const press = (): void => {
    if (blocked) {
      useUiStore.getState().setTab('design');
      useUiStore.getState().setProblemsOpen(true);
    } else trainOrPause();
  };
  return (
    <div className="train">
      <Tooltip
        content={
          blocked
            ? `${errors || 'Some'} ${errors === 1 ? 'problem keeps' : 'problems keep'} the graph from training`
            : 'Trains the graph on its data'
        }
        shortcut={keyLabel('mod+enter')}
      >
        <Button variant={blocked ? 'default' : 'primary'} onClick={press} disabled={pending !== null}>
          {status === 'running' ? (
            <Pause size={14} aria-hidden fill="currentColor" />
          ) : status === 'paused' ? (
            <Play size={14} aria-hidden />
          ) : (
            icon
          )}
          {label}
        </Button>
      </Tooltip>
      {(status !== null || starting) && (
        <IconButton
          label={starting ? 'Cancel the start' : 'Stop training'}
          disabled={pending !== null && !starting}
          onClick={stopTraining}
        >
          <Square size={13} aria-hidden fill="currentColor" />
        </IconButton>
      )}
    </div>
  );
}
