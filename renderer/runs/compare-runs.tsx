import { X } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { RunSummary } from '../../engine/protocol/runs.ts';
import { ChartControls } from '../training/chart-controls.tsx';
import { ChartGrid } from '../training/chart-grid.tsx';
import type { ChartLine } from '../training/chart-lines.ts';
import { useChartSettings } from '../training/chart-settings.ts';
import { CurveChart } from '../training/curve-chart.tsx';
import { LineKey } from '../training/line-key.tsx';
import { meanCurve } from '../training/mean-curve.ts';
import { formatMetric, isShare, metricTitle } from '../training/metric-format.ts';
import { runColor } from '../training/run-colors.ts';
import { type Curve, population } from '../training/run-curves.ts';
import { useTrainingStore } from '../training/store.ts';
import { formatMoment } from '../training/time-left.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { ScrollRegion } from '../ui/scroll-region.tsx';
import { Segmented } from '../ui/segmented.tsx';
import { Switch } from '../ui/switch.tsx';
import { spreadOf } from './columns.ts';
import './compare-runs.css';
import { isLive } from './run-actions.ts';
import { seedGroups } from './seed-groups.ts';
import { compare, compareNone, deleteRuns } from './selection-store.ts';
import { diffDocuments } from './settings-diff.ts';

type Split = 'train' | 'validation';

/** Runs in one chart, and the settings in which they differ. */
export function CompareRuns({ runs }: { readonly runs: readonly RunSummary[] }) {
  const [split, setSplit] = useState<Split>('validation');
  const [means, setMeans] = useState(true);
  const documents = useTrainingStore((s) => s.documents);
  const curves = useTrainingStore((s) => s.curves);
  const ticks = useTrainingStore((s) => s.ticks);
  const metrics = useMemo(() => {
    const found = new Set(runs.flatMap((run) => (ticks[run.id] === undefined ? [] : (curves[run.id]?.metrics() ?? []))));
    // Best, mean and worst of several runs would be a tangle.
    found.delete(population);
    return [...found].sort((a, b) => Number(b === 'loss') - Number(a === 'loss') || a.localeCompare(b));
  }, [runs, curves, ticks]);
  const alone = useMemo(() => runs.map((run) => [run]), [runs]);
  const repeats = useMemo(() => seedGroups(runs, documents), [runs, documents]);
  return (
    <section className="compare-runs" aria-label="Comparison">
      <header className="compare-runs__head">
        <h2>Compare {runs.length} runs</h2>
        <Button size="small" onClick={compareNone}>
          Clear
        </Button>
        <Button size="small" variant="danger" disabled={runs.some(isLive)} onClick={() => deleteRuns(runs)}>
          Delete these
        </Button>
      </header>
      <ul className="compare-runs__legend">
        {runs.map((run, i) => (
          <li key={run.id}>
            <LineKey {...runColor(i)} />
            <span className="compare-runs__name">
              {run.name} <span className="compare-runs__moment">{formatMoment(run.created)}</span>
            </span>
            <b>
              {formatMetric(run.headline.metric, run.best?.value)} <span>{metricTitle(run.headline.metric)}</span>
            </b>
            <IconButton label={`Leave ${run.name} out`} size="small" onClick={() => compare(run.id, false)}>
              <X size={13} aria-hidden />
            </IconButton>
          </li>
        ))}
      </ul>
      <div className="compare-runs__bar">
        <Segmented<Split>
          label="Split"
          value={split}
          onChange={setSplit}
          options={[
            { value: 'validation', label: 'Validation' },
            { value: 'train', label: 'Train' },
          ]}
        />
        {repeats.some((group) => group.length > 1) && (
          <span className="compare-runs__means">
            <Switch label="Mean of seeds" checked={means} onChange={setMeans} /> mean of seeds
          </span>
        )}
        <ChartControls />
      </div>
      {means && <SeedSpreads groups={repeats} />}
      <ChartGrid
        metrics={metrics}
        chart={(metric) => <ComparisonChart groups={means ? repeats : alone} runs={runs} metric={metric} split={split} />}
      />
      <DifferingSettings runs={runs} />
    </section>
  );
}

interface ComparisonChartProps {
  /** A line each: a run, or the mean of several. */
  readonly groups: readonly (readonly RunSummary[])[];
  /** All that are compared: a line has the colour of its first run among them. */
  readonly runs: readonly RunSummary[];
  readonly metric: string;
  readonly split: Split;
}

function ComparisonChart({ groups, runs, metric, split }: ComparisonChartProps) {
  const { smoothing, axis, logarithmic } = useChartSettings();
  const curves = useTrainingStore((s) => s.curves);
  const ticks = useTrainingStore((s) => s.ticks);
  const lines = useMemo((): ChartLine[] => {
    const curveOf = (run: RunSummary): Curve | null =>
      ticks[run.id] === undefined ? null : (curves[run.id]?.get(metric, split) ?? null);
    return groups.flatMap((group): ChartLine[] => {
      const [run, ...others] = group;
      const curve = run && curveOf(run);
      if (!curve) return [];
      const color = runColor(runs.indexOf(run));
      const members = group.flatMap((member) => curveOf(member) ?? []);
      const mean = meanCurve(members, axis);
      if (mean && others.length > 0) {
        const label = `${run.name}, mean of ${members.length}`;
        return [{ label, ...color, x: mean.x, y: mean.mean, band: { low: mean.low, high: mean.high } }];
      }
      return [{ label: run.name, ...color, x: curve[axis], y: curve.value, smoothed: split === 'train' }];
    });
  }, [groups, runs, curves, ticks, metric, split, axis]);
  const format = useMemo(() => (value: number) => formatMetric(metric, value), [metric]);
  return (
    <CurveChart
      title={`${metricTitle(metric)} on the ${split} split by ${axis}`}
      lines={lines}
      smoothing={smoothing}
      axis={axis}
      logarithmic={logarithmic}
      format={format}
      percent={isShare(metric)}
      unit={metricTitle(metric)}
    />
  );
}

/** What each set of seeds comes to. */
function SeedSpreads({ groups }: { readonly groups: readonly (readonly RunSummary[])[] }) {
  const spreads = groups.flatMap((group) => {
    const [run, spread] = [group[0], spreadOf(group)];
    return run && spread ? [{ run, count: group.length, ...spread }] : [];
  });
  if (spreads.length === 0) return null;
  return (
    <ul className="compare-runs__spreads">
      {spreads.map(({ run, count, metric, mean, deviation }) => (
        <li key={run.id}>
          {run.name}: best {metricTitle(metric)}{' '}
          <b>
            {formatMetric(metric, mean)} ± {formatMetric(metric, deviation)}
          </b>{' '}
          over {count} seeds
        </li>
      ))}
    </ul>
  );
}

function DifferingSettings({ runs }: { readonly runs: readonly RunSummary[] }) {
  const documents = useTrainingStore((s) => s.documents);
  const rows = useMemo(() => {
    const known = runs.map((run) => documents[run.id]);
    return known.every((document) => document !== undefined) ? diffDocuments(known) : null;
  }, [runs, documents]);
  if (rows === null) return null;
  if (rows.length === 0) return <p className="compare-runs__same">These runs have the same graph, training settings and data.</p>;
  return (
    <>
      <h3>Settings that differ</h3>
      <ScrollRegion label="Settings that differ" className="compare-runs__settings">
        <table>
          <thead>
            <tr>
              <th scope="col">Setting</th>
              {runs.map((run, i) => (
                <th key={run.id} scope="col" title={run.name}>
                  <LineKey {...runColor(i)} /> {run.name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={`${row.group} ${row.setting}`}>
                <th scope="row">
                  <span>{row.group}</span> {row.setting}
                </th>
                {runs.map((run, i) => (
                  <td key={run.id}>{row.values[i]}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
    </>
  );
}
