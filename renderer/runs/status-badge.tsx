import { CircleAlert, CircleCheck, CirclePause, CircleStop, LoaderCircle, Unplug } from 'lucide-react';
import type { RunSummary } from '../../engine/protocol/runs.ts';
import { statusWord } from '../training/run-progress.tsx';
import './status-badge.css';

const icons = {
  running: LoaderCircle,
  paused: CirclePause,
  stopped: CircleStop,
  done: CircleCheck,
  failed: CircleAlert,
  interrupted: Unplug,
} as const;

export function StatusBadge({ run }: { readonly run: RunSummary }) {
  const Icon = icons[run.status];
  return (
    <span className={`status-badge status-badge--${run.status}`}>
      <Icon size={14} aria-hidden />
      {statusWord(run.status)}
      {run.status === 'running' && run.totalSteps > 0 && ` ${Math.floor((run.step / run.totalSteps) * 100)} %`}
    </span>
  );
}
