import { useId } from 'react';
import { Segmented } from '../ui/segmented.tsx';
import { Select } from '../ui/select.tsx';
import './chart-controls.css';
import { setChart, useChartSettings } from './chart-settings.ts';
import { metricTitle } from './metric-format.ts';

interface ChartControlsProps {
  readonly metrics: readonly string[];
}

/** Metric, axis, scale and smoothing of the curves. */
export function ChartControls({ metrics }: ChartControlsProps) {
  const { smoothing, axis, logarithmic, metric } = useChartSettings();
  const id = useId();
  const shown = metrics.includes(metric) ? metric : (metrics[0] ?? 'loss');
  return (
    <div className="chart-controls">
      <Select
        label="Metric"
        value={shown}
        onChange={(next) => setChart({ metric: next })}
        options={(metrics.length > 0 ? metrics : ['loss']).map((value) => ({ value, label: metricTitle(value) }))}
      />
      <Segmented
        label="Horizontal axis"
        value={axis}
        onChange={(next) => setChart({ axis: next })}
        options={[
          { value: 'step', label: 'Step' },
          { value: 'epoch', label: 'Epoch' },
          { value: 'time', label: 'Time' },
        ]}
      />
      <Segmented
        label="Vertical scale"
        value={logarithmic ? 'log' : 'linear'}
        onChange={(next) => setChart({ logarithmic: next === 'log' })}
        options={[
          { value: 'linear', label: 'Linear' },
          { value: 'log', label: 'Log' },
        ]}
      />
      <label className="chart-controls__smoothing" htmlFor={id}>
        Smoothing
        <input
          id={id}
          type="range"
          min={0}
          max={0.98}
          step={0.02}
          value={smoothing}
          onChange={(event) => setChart({ smoothing: event.target.valueAsNumber })}
        />
        <span className="chart-controls__value">{smoothing.toFixed(2)}</span>
      </label>
    </div>
  );
}
