import { Fragment } from 'react';
import { useChartSettings } from './chart-settings.ts';
import { LineKey } from './line-key.tsx';
import { populationKeys } from './population-chart.ts';
import { population, type RunCurves } from './run-curves.ts';

/** What the lines of the chosen metric stand for. */
export function CurveLegend({ curves }: { readonly curves: RunCurves | undefined }) {
  const metric = useChartSettings((s) => s.metric);
  return (
    <span className="training__legend">
      {metric === population && curves?.metrics().includes(population) ? (
        populationKeys.map(({ label, ...key }) => (
          <Fragment key={label}>
            <LineKey {...key} /> {label}
          </Fragment>
        ))
      ) : (
        <>
          <LineKey color="--accent" /> train <LineKey color="--warn" dashed /> validation
        </>
      )}
    </span>
  );
}
