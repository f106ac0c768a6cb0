import type { RunSummary } from '../../engine/protocol/runs.ts';
import { formatMetric, metricTitle } from './metric-format.ts';

/** What is said of a run that has come to its end. */
export interface Ending {
  readonly run: RunSummary;
  readonly tone: 'good' | 'bad';
  readonly title: string;
  readonly text: string | undefined;
}

/** Runs that were at work and have ended by themselves: done, failed, or cut off. One that a person stopped or paused is no news to them. */
export function endings(before: readonly RunSummary[], after: readonly RunSummary[]): Ending[] {
  if (before === after) return [];
  const working = new Set(before.filter(({ status }) => status === 'running').map(({ id }) => id));
  return after.flatMap((run): Ending[] => {
    if (!working.has(run.id)) return [];
    const { name, message, headline, best } = run;
    if (run.status === 'done') {
      const figure = best && `Best ${metricTitle(headline.metric)}: ${formatMetric(headline.metric, best.value)}`;
      return [{ run, tone: 'good', title: `“${name}” is done`, text: figure ?? undefined }];
    }
    if (run.status === 'failed') return [{ run, tone: 'bad', title: `“${name}” has failed`, text: message ?? undefined }];
    if (run.status === 'interrupted') return [{ run, tone: 'bad', title: `“${name}” was cut off`, text: message ?? undefined }];
    return [];
  });
}

/** The window's title: what is not saved, how far a run is, or how it ended while nobody looked. */
export function windowTitle(document: string, dirty: boolean, working: RunSummary | null, ended: Ending | null): string {
  const share = working && working.totalSteps > 0 ? Math.floor((100 * working.step) / working.totalSteps) : null;
  const training = working?.status === 'running' && share !== null ? `${share} %` : null;
  const news = ended && (ended.tone === 'good' ? '✓ done' : '✗ failed');
  return `${dirty ? '• ' : ''}${[training ?? news, document].filter(Boolean).join(' · ')} – Unroll`;
}
