import type { RunSummary } from '../../engine/protocol/runs.ts';
import './compare-list.css';
import { formatMetric, metricTitle } from './metric-format.ts';
import { runColor } from './run-colors.ts';
import { showRun, useTrainingStore } from './store.ts';
import { formatMoment } from './time-left.ts';

/** The best runs that are judged by the same metric, this one among them, and their baseline. */
export function CompareList({ run }: { readonly run: RunSummary }) {
  const runs = useTrainingStore((s) => s.runs);
  const { metric, higherIsBetter, baseline, baselineName } = run.headline;
  const others = runs
    .filter((r) => r.id !== run.id && r.best !== null && r.headline.metric === metric && r.documentName === run.documentName)
    .sort((a, b) => ((b.best?.value ?? 0) - (a.best?.value ?? 0)) * (higherIsBetter ? 1 : -1))
    .slice(0, 4);
  const listed = [run, ...others];
  return (
    <section className="compare-list" aria-label="Compare">
      <h3 className="compare-list__title">
        Compare <span>best {metricTitle(metric)}</span>
      </h3>
      <ul>
        {listed.map((r, index) => {
          const { color } = runColor(index);
          const twin = listed.some((other) => other.id !== r.id && other.name === r.name);
          return (
            <li key={r.id}>
              <button
                type="button"
                className="compare-list__row"
                onClick={() => void showRun(r.id)}
                aria-current={r.id === run.id}
              >
                <span className="compare-list__dot" style={{ background: `var(${color})` }} aria-hidden />
                <span className="compare-list__name" title={r.name}>
                  {r.name}
                </span>
                {(r.id === run.id || twin) && (
                  <span className="compare-list__note">{r.id === run.id ? 'this run' : formatMoment(r.created)}</span>
                )}
                <b>{formatMetric(metric, r.best?.value)}</b>
              </button>
            </li>
          );
        })}
        {baselineName !== '' && (
          <li className="compare-list__row">
            <span className="compare-list__dot" style={{ background: 'var(--faint)' }} aria-hidden />
            <span className="compare-list__name" title={baselineName}>
              {baselineName}
            </span>
            <span className="compare-list__note">baseline</span>
            <b>{formatMetric(metric, baseline)}</b>
          </li>
        )}
      </ul>
    </section>
  );
}
