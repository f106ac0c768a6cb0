import { useMemo } from 'react';
import type { Evaluation } from '../../engine/protocol/runs.ts';
import { CurveChart } from './curve-chart.tsx';

/** Targets and forecasts in order, in the data's own units. */
export function SeriesChart({ series }: { readonly series: NonNullable<Evaluation['series']> }) {
  const lines = useMemo(() => {
    const x = series.map((_, i) => i + 1);
    return [
      { label: 'true', color: '--sequence', x, y: series.map((pair) => pair.target) },
      { label: 'predicted', color: '--warn', dashed: true, x, y: series.map((pair) => pair.predicted) },
    ];
  }, [series]);
  return (
    <CurveChart title="True and predicted values" lines={lines} smoothing={0} logarithmic={false} axis="step" unit="value" />
  );
}
