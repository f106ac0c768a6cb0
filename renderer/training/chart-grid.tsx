import { Plus, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { create } from 'zustand';
import { persist } from 'zustand/middleware';
import { Button, IconButton } from '../ui/button.tsx';
import { Select } from '../ui/select.tsx';
import './chart-grid.css';
import { metricTitle } from './metric-format.ts';

/** Metrics that stand side by side, in their order; remembered. */
const useCharts = create<{ readonly charts: readonly string[] }>()(
  persist(() => ({ charts: ['loss'] as readonly string[] }), { name: 'unroll.charts', version: 1 }),
);
const show = (change: (charts: readonly string[]) => readonly string[]): void =>
  void useCharts.setState(({ charts }) => ({ charts: change(charts) }));

interface ChartGridProps {
  /** What there is to draw. */
  readonly metrics: readonly string[];
  chart(metric: string): ReactNode;
}

/** One chart a metric, as many as a person puts side by side. What these runs do not have is left out, and comes back with runs that do. */
export function ChartGrid({ metrics, chart }: ChartGridProps) {
  const charts = useCharts((s) => s.charts);
  const known = charts.filter((metric) => metrics.includes(metric));
  const shown = known.length > 0 ? known : metrics.slice(0, 1);
  const next = metrics.find((metric) => !shown.includes(metric));
  return (
    <div className="chart-grid">
      {shown.map((metric) => (
        <figure key={metric} className="chart-grid__chart">
          <figcaption>
            <Select
              label={`Metric of the chart of ${metricTitle(metric)}`}
              value={metric}
              onChange={(other) => show(() => shown.map((m) => (m === metric ? other : m)))}
              options={metrics
                .filter((m) => m === metric || !shown.includes(m))
                .map((value) => ({ value, label: metricTitle(value) }))}
            />
            {shown.length > 1 && (
              <IconButton
                label={`Close the chart of ${metricTitle(metric)}`}
                size="small"
                onClick={() => show(() => shown.filter((m) => m !== metric))}
              >
                <X size={13} aria-hidden />
              </IconButton>
            )}
          </figcaption>
          <div className="chart-grid__canvas">{chart(metric)}</div>
        </figure>
      ))}
      {next !== undefined && (
        <Button size="small" onClick={() => show(() => [...shown, next])}>
          <Plus size={13} aria-hidden /> Add a chart
        </Button>
      )}
    </div>
  );
}
