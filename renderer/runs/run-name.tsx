import { type KeyboardEvent, useRef, useState } from 'react';
import type { RunSummary } from '../../engine/protocol/runs.ts';
import { describeRun } from '../training/store.ts';
import { TextField } from '../ui/text-field.tsx';
import { toastFailure } from '../ui/toast-store.ts';
import { isLive } from './run-actions.ts';
import { deleteRuns } from './selection-store.ts';

interface RunNameProps {
  readonly run: RunSummary;
  readonly editing: boolean;
  onDone(): void;
  onShow(): void;
  onEdit(): void;
}

/** The run's name: a button that shows its details; F2 or a double click renames it in place. */
export function RunName({ run, editing, onDone, onShow, onEdit }: RunNameProps) {
  if (editing) return <NameEntry run={run} onDone={onDone} />;
  return (
    <button
      type="button"
      className="runs__name"
      title={run.name}
      onClick={onShow}
      onDoubleClick={onEdit}
      onKeyDown={(event) => {
        if (event.key === 'F2') onEdit();
        if (event.key === 'Delete' && !isLive(run)) deleteRuns([run]);
      }}
    >
      {run.name}
    </button>
  );
}

function NameEntry({ run, onDone }: Pick<RunNameProps, 'run' | 'onDone'>) {
  const [name, setName] = useState(run.name);
  const left = useRef(false);
  const finish = (keep: boolean): void => {
    if (left.current) return;
    left.current = true;
    const wanted = name.trim();
    if (keep && wanted !== '' && wanted !== run.name)
      describeRun(run.id, { name: wanted }).catch((error: unknown) => toastFailure(error, 'Not renamed'));
    onDone();
  };
  const keys = (event: KeyboardEvent): void => {
    if (event.key === 'Enter') finish(true);
    if (event.key === 'Escape') finish(false);
    event.stopPropagation();
  };
  return (
    <TextField
      ref={(element) => element?.focus()}
      aria-label={`New name of ${run.name}`}
      maxLength={200}
      value={name}
      onFocus={(event) => event.target.select()}
      onChange={(event) => setName(event.target.value)}
      onKeyDown={keys}
      onBlur={() => finish(true)}
    />
  );
}
