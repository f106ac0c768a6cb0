import { useMemo } from 'react';
import type { RunSummary } from '../../engine/protocol/runs.ts';
import type { ChartLine } from './chart-lines.ts';
import { useChartSettings } from './chart-settings.ts';
import { CurveChart } from './curve-chart.tsx';
import { formatMetric, isShare, metricTitle } from './metric-format.ts';
import { populationLines } from './population-chart.ts';
import { population } from './run-curves.ts';
import { useTrainingStore } from './store.ts';

interface RunChartProps {
  readonly run: RunSummary;
  /** The one that is chosen for all charts otherwise. */
  readonly metric?: string;
}

/** Train and validation curves of one run; its baseline as a level line where the metric is the headline one. */
export function RunChart({ run, metric: wanted }: RunChartProps) {
  const { smoothing, axis, logarithmic, metric: usual } = useChartSettings();
  const chosen = wanted ?? usual;
  const curves = useTrainingStore((s) => s.curves[run.id]);
  const tick = useTrainingStore((s) => s.ticks[run.id] ?? 0);
  const known = curves?.metrics() ?? [];
  const metric = known.includes(chosen) ? chosen : (known[0] ?? 'loss');
  const lines = useMemo((): ChartLine[] => {
    if (!curves || tick < 0) return [];
    if (metric === population) return populationLines(curves, axis);
    const train = curves.get(metric, 'train');
    const validation = curves.get(metric, 'validation');
    return [
      ...(train ? [{ label: 'train', color: '--accent', x: train[axis], y: train.value, smoothed: true }] : []),
      ...(validation ? [{ label: 'validation', color: '--warn', dashed: true, x: validation[axis], y: validation.value }] : []),
    ];
  }, [curves, tick, metric, axis]);
  const mark = useMemo(() => {
    const judged = run.judgedOn === 'train' ? null : tick < 0 ? null : curves?.get(metric, 'validation');
    const at = judged && run.best ? judged.step.indexOf(run.best.step) : -1;
    if (!judged || at < 0) return undefined;
    return {
      x: judged[axis][at] ?? 0,
      y: judged.value[at] ?? Number.NaN,
      label: `best · epoch ${Number((judged.epoch[at] ?? 0).toFixed(2))}`,
    };
  }, [curves, tick, metric, axis, run.best, run.judgedOn]);
  const format = useMemo(() => (value: number) => formatMetric(metric, value), [metric]);
  return (
    <CurveChart
      title={`${metricTitle(metric)} by ${axis}, ${run.name}`}
      lines={lines}
      smoothing={smoothing}
      axis={axis}
      logarithmic={logarithmic}
      format={format}
      percent={isShare(metric)}
      unit={metricTitle(metric)}
      mark={mark}
      level={
        metric === run.headline.metric && run.headline.baselineName !== ''
          ? { label: `${run.headline.baselineName} baseline`, value: run.headline.baseline }
          : undefined
      }
    />
  );
}
