import type { RunSummary } from '../../engine/protocol/runs.ts';
import './figures.css';
import { formatMetric, metricTitle } from './metric-format.ts';
import { useTrainingStore } from './store.ts';

/** The numbers that matter, large: loss, the headline metric with its baseline, and one more. */
export function Figures({ run }: { readonly run: RunSummary }) {
  const curves = useTrainingStore((s) => s.curves[run.id]);
  // Read so that the figures follow the curves, which grow in place.
  useTrainingStore((s) => s.ticks[run.id]);
  const { headline } = run;
  const value = (metric: string): number | null => curves?.latest(metric, 'validation') ?? run.validation?.[metric] ?? null;
  const loss = curves?.latest('loss', 'train') ?? null;
  const now = value(headline.metric);
  const second = Object.keys(run.validation ?? {}).find(
    (metric) => metric !== 'loss' && metric !== headline.metric && /f1|mae|perplexity|accuracy/.test(metric),
  );
  const better = now === null ? null : headline.higherIsBetter ? now > headline.baseline : now < headline.baseline;
  return (
    <dl className="figures">
      <div>
        <dt>
          loss · validation <b>{formatMetric('loss', value('loss'))}</b>
        </dt>
        <dd>{formatMetric('loss', loss)}</dd>
      </div>
      <div>
        <dt>
          {metricTitle(headline.metric)} · {headline.baselineName} baseline{' '}
          <b>{formatMetric(headline.metric, headline.baseline)}</b>
        </dt>
        <dd className={better === true ? 'figures__good' : undefined}>{formatMetric(headline.metric, now)}</dd>
      </div>
      {second !== undefined && (
        <div>
          <dt>{metricTitle(second)}</dt>
          <dd>{formatMetric(second, value(second))}</dd>
        </div>
      )}
    </dl>
  );
}
