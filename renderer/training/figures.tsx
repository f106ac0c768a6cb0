import type { RunSummary } from '../../engine/protocol/runs.ts';
import './figures.css';
import { formatMetric, metricTitle } from './metric-format.ts';
import { useTrainingStore } from './store.ts';

/** A single step's loss jumps: the figure is the mean of this many. */
const recent = 20;

export function recentMean(values: readonly number[]): number | null {
  const last = values.slice(-recent);
  return last.length === 0 ? null : last.reduce((sum, value) => sum + value, 0) / last.length;
}

/** The numbers that matter, large: loss, the headline metric with its baseline, and one more. */
export function Figures({ run }: { readonly run: RunSummary }) {
  const curves = useTrainingStore((s) => s.curves[run.id]);
  const evaluation = useTrainingStore((s) => s.evaluations[run.id]);
  // Read so that the figures follow the curves, which grow in place.
  useTrainingStore((s) => s.ticks[run.id]);
  const { headline } = run;
  const judgedOn = run.judgedOn ?? 'validation';
  const judged = run.validation ?? run.training;
  const value = (metric: string): number | null =>
    (judgedOn === 'validation' ? curves?.latest(metric, 'validation') : null) ?? judged?.[metric] ?? null;
  const loss = recentMean(curves?.get('loss', 'train')?.value ?? []);
  const now = value(headline.metric);
  const second = Object.keys(judged ?? {}).find(
    (metric) => metric !== 'loss' && metric !== headline.metric && /f1|mae|perplexity|accuracy/.test(metric),
  );
  const baseline = second === undefined ? undefined : evaluation?.baseline[second];
  const better = now === null ? null : headline.higherIsBetter ? now > headline.baseline : now < headline.baseline;
  return (
    <dl className="figures">
      <div>
        <dt>
          loss ·{' '}
          <span className="figures__part">
            {judgedOn === 'train' ? 'whole training split' : 'validation'} <b>{formatMetric('loss', value('loss'))}</b>
          </span>
        </dt>
        <dd title={`mean of the last ${recent} training steps`}>{formatMetric('loss', loss)}</dd>
      </div>
      <div>
        <dt>
          {metricTitle(headline.metric)}
          {judgedOn === 'train' && ' of the training split'}
          {headline.baselineName !== '' && (
            <>
              {' '}
              · {headline.baselineName} baseline <b>{formatMetric(headline.metric, headline.baseline)}</b>
            </>
          )}
        </dt>
        <dd className={better === true ? 'figures__good' : undefined}>{formatMetric(headline.metric, now)}</dd>
      </div>
      {second !== undefined && (
        <div>
          <dt>
            {metricTitle(second)}
            {baseline !== undefined && (
              <>
                {' · baseline '}
                <b>{formatMetric(second, baseline)}</b>
              </>
            )}
          </dt>
          <dd>{formatMetric(second, value(second))}</dd>
        </div>
      )}
    </dl>
  );
}
