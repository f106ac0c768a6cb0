import type { RunSummary } from '../../engine/protocol/runs.ts';
import { Progress } from '../ui/progress.tsx';
import { formatCount } from './metric-format.ts';
import { stoppedEarly } from './overfitting.ts';
import { useTrainingStore } from './store.ts';
import { formatDuration, formatTimeLeft } from './time-left.ts';

const statusWords: Readonly<Record<RunSummary['status'], string>> = {
  running: 'training',
  paused: 'paused',
  stopped: 'stopped',
  done: 'done',
  failed: 'failed',
  interrupted: 'interrupted',
};

/** The status in a word. */
export const statusWord = (status: RunSummary['status']): string => statusWords[status];

/** A model that came trained: it has weights, but no steps of its own. */
const isImported = (run: RunSummary): boolean => run.totalSteps === 0 && run.status === 'done';

/** Where the run is and how long it still takes, in one line. */
export function progressLine(
  run: RunSummary,
  pace: { readonly tokensPerSecond: number | null; readonly secondsLeft: number | null } | undefined,
): string {
  if (isImported(run)) return run.message ?? '';
  const live = run.status === 'running';
  const parts = [
    ...(live ? [] : [stoppedEarly(run) ? 'done, stopped early' : statusWord(run.status)]),
    `epoch ${Math.min(run.epochs, Math.floor(run.epoch) + (run.status === 'done' ? 0 : 1))} of ${run.epochs}`,
    `step ${run.step.toLocaleString('en')}`,
  ];
  if (live && pace?.tokensPerSecond) parts.push(`${formatCount(pace.tokensPerSecond)} tokens/s`);
  const left = live ? formatTimeLeft(pace?.secondsLeft ?? null) : null;
  if (left) parts.push(left);
  if (!live) parts.push(formatDuration(run.seconds));
  return parts.join(' · ');
}

export function RunProgressLine({ run }: { readonly run: RunSummary }) {
  const pace = useTrainingStore((s) => s.pace[run.id]);
  return <span className="training__line">{progressLine(run, pace)}</span>;
}

export function RunProgressBar({ run }: { readonly run: RunSummary }) {
  if (isImported(run)) return null;
  return <Progress label={`Progress of ${run.name}`} value={run.totalSteps > 0 ? Math.min(1, run.step / run.totalSteps) : 0} />;
}
