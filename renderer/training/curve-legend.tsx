import { Fragment } from 'react';
import { useChartSettings } from './chart-settings.ts';
import { LineKey } from './line-key.tsx';
import { populationKeys } from './population-chart.ts';
import { population } from './run-curves.ts';

/** What the lines of the chosen metric stand for, of those that a run has. */
export function CurveLegend({ metrics }: { readonly metrics: readonly string[] }) {
  const metric = useChartSettings((s) => s.metric);
  return (
    <span className="training__legend">
      {metric === population && metrics.includes(population) ? (
        populationKeys.map(({ label, ...key }) => (
          <Fragment key={label}>
            <LineKey {...key} /> {label}
          </Fragment>
        ))
      ) : (
        <SplitKeys />
      )}
    </span>
  );
}

/** What the two lines of a metric stand for. */
export function SplitKeys() {
  return (
    <>
      <LineKey color="--accent" /> train <LineKey color="--warn" dashed /> validation
    </>
  );
}
