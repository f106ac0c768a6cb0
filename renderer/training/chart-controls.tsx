import { SlidersHorizontal } from 'lucide-react';
import { Popover } from 'radix-ui';
import { memo, type ReactNode, useId } from 'react';
import { Segmented } from '../ui/segmented.tsx';
import { Select } from '../ui/select.tsx';
import './chart-controls.css';
import { setChart, useChartSettings } from './chart-settings.ts';
import { metricTitle } from './metric-format.ts';

/** Which of a run's curves the one chart shows. */
export const MetricSelect = memo(function MetricSelect({ metrics }: { readonly metrics: readonly string[] }) {
  const metric = useChartSettings((s) => s.metric);
  const shown = metrics.includes(metric) ? metric : (metrics[0] ?? 'loss');
  return (
    <Select
      label="Metric"
      value={shown}
      onChange={(next) => setChart({ metric: next })}
      options={(metrics.length > 0 ? metrics : ['loss']).map((value) => ({ value, label: metricTitle(value) }))}
    />
  );
});

/** Axis, scale and smoothing of all curves; under a button where room is short. */
export function ChartControls({ children }: { readonly children?: ReactNode }) {
  return (
    <div className="chart-controls">
      {children}
      <div className="chart-controls__wide">
        <DrawingControls />
      </div>
      <Popover.Root>
        <Popover.Trigger asChild>
          <button type="button" className="button button--small chart-controls__more" aria-label="Axis, scale and smoothing">
            <SlidersHorizontal size={14} aria-hidden />
          </button>
        </Popover.Trigger>
        <Popover.Portal>
          <Popover.Content
            className="chart-controls__popover"
            side="top"
            sideOffset={6}
            collisionPadding={10}
            aria-label="Chart settings"
          >
            <DrawingControls />
          </Popover.Content>
        </Popover.Portal>
      </Popover.Root>
    </div>
  );
}

const DrawingControls = memo(function DrawingControls() {
  const { smoothing, axis, logarithmic } = useChartSettings();
  const id = useId();
  return (
    <>
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
    </>
  );
});
