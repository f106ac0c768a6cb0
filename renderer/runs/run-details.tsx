import { Play, SquareArrowOutUpRight } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { Failure } from '../../engine/protocol/envelope.ts';
import type { Evaluation, RunSummary } from '../../engine/protocol/runs.ts';
import { failureOf } from '../bridge/engine.ts';
import { canLookInside, lookInside } from '../insight/store.ts';
import { useUiStore } from '../store/ui-store.ts';
import { ChartControls } from '../training/chart-controls.tsx';
import { ChartGrid } from '../training/chart-grid.tsx';
import { ClassTable } from '../training/class-table.tsx';
import { ConfusionMatrix } from '../training/confusion-matrix.tsx';
import { SplitKeys } from '../training/curve-legend.tsx';
import { FailureNote } from '../training/failure-note.tsx';
import { formatCount, formatMetric, metricTitle } from '../training/metric-format.ts';
import { ReadingCurves } from '../training/reading-curves.tsx';
import { RunChart } from '../training/run-chart.tsx';
import { RunFailureNote } from '../training/run-failure-note.tsx';
import { trainSeeds, useSeedSeries } from '../training/seed-series.ts';
import { SeriesChart } from '../training/series-chart.tsx';
import { evaluateRun, loadRun, showRun, useTrainingStore } from '../training/store.ts';
import { formatDuration, formatMoment } from '../training/time-left.ts';
import { Button } from '../ui/button.tsx';
import { Spinner } from '../ui/spinner.tsx';
import { canResume, isLive, openOnCanvas, resumeRun, trainFrom } from './run-actions.ts';
import './run-details.css';
import { RunWordsForm } from './run-words-form.tsx';
import { StatusBadge } from './status-badge.tsx';

/** One run: its state, curves, and a full evaluation on any split. */
export function RunDetails({ run }: { readonly run: RunSummary }) {
  const curves = useTrainingStore((s) => s.curves[run.id]);
  useTrainingStore((s) => s.ticks[run.id]);
  const lost = useTrainingStore((s) => s.lostLines[run.id] ?? 0);
  const series = useSeedSeries((s) => s.series);
  const known = useTrainingStore((s) => s.documents[run.id] !== undefined);
  useEffect(() => {
    if (!known) void loadRun(run.id);
  }, [known, run.id]);
  const tryIt = (): void => {
    useUiStore.getState().setTab('playground');
    void showRun(run.id);
  };
  return (
    <section className="run-details" aria-label={`Details of ${run.name}`}>
      <header>
        <h2 id="run-details-title" tabIndex={-1}>
          {run.name}
        </h2>
        <p>
          <StatusBadge run={run} /> · {formatMoment(run.created)} · {formatDuration(run.seconds)} · {formatCount(run.parameters)}{' '}
          parameters · {run.device}
        </p>
      </header>
      {run.status === 'done' && run.message !== null && <p className="run-details__hint">{run.message}</p>}
      <RunFailureNote run={run} />
      <div className="run-details__actions">
        {canResume(run) && (
          <Button variant="primary" size="small" onClick={() => void resumeRun(run)}>
            <Play size={13} aria-hidden /> Resume
          </Button>
        )}
        {!isLive(run) && (
          <Button
            size="small"
            title="Trains the graph on the canvas, from this run’s weights"
            onClick={() => void trainFrom(run)}
          >
            Train from here
          </Button>
        )}
        <Button size="small" onClick={() => void openOnCanvas(run)}>
          <SquareArrowOutUpRight size={13} aria-hidden /> Open on the canvas
        </Button>
        <Button
          size="small"
          disabled={series !== null && series.halted === undefined}
          title="How much of the figure is chance: the same document with five other seeds, one after another"
          onClick={() => void trainSeeds(run)}
        >
          Train again with 5 seeds
        </Button>
        {canLookInside(run) && (
          <Button
            size="small"
            onClick={() => {
              // Whoever keeps the document that is there looks at nothing.
              void openOnCanvas(run).then(() => useTrainingStore.getState().active === run.id && lookInside());
            }}
          >
            Look inside
          </Button>
        )}
        <Button size="small" onClick={tryIt}>
          Try it
        </Button>
        <Button
          size="small"
          onClick={() => {
            void showRun(run.id);
            useUiStore.getState().openDialog('export');
          }}
        >
          Export
        </Button>
      </div>
      <RunWordsForm key={`words of ${run.id}`} run={run} />
      {lost > 0 && (
        <p className="run-details__hint">
          {lost === 1 ? 'One line' : `${lost.toLocaleString('en')} lines`} of this run’s metrics cannot be read: its curves have a
          gap there.
        </p>
      )}
      <div className="run-details__actions">
        <ChartControls />
        <span className="training__legend">
          <SplitKeys />
        </span>
      </div>
      <ReadingCurves run={run} />
      <ChartGrid metrics={curves?.metrics() ?? []} chart={(metric) => <RunChart run={run} metric={metric} />} />
      <Evaluate key={`evaluation of ${run.id}`} run={run} />
    </section>
  );
}

function Evaluate({ run }: { readonly run: RunSummary }) {
  const [result, setResult] = useState<Evaluation | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [busy, setBusy] = useState(false);
  const evaluate = async (split: Evaluation['split']): Promise<void> => {
    setBusy(true);
    setFailure(null);
    try {
      setResult(await evaluateRun(run.id, split));
    } catch (error) {
      setFailure(failureOf(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <section className="run-details__evaluation" aria-label="Evaluation">
      <div className="run-details__actions">
        <h3>Evaluate</h3>
        <Button size="small" disabled={busy} onClick={() => void evaluate('test')}>
          On the test split
        </Button>
        <Button size="small" disabled={busy} onClick={() => void evaluate('validation')}>
          On the validation split
        </Button>
        {busy && <Spinner label="Evaluating …" />}
      </div>
      {!result && !busy && !failure && (
        <p className="run-details__hint">
          {run.test === undefined
            ? 'The test split is never looked at while training. It is measured once, when a run is done.'
            : `Test split, measured once at the end: ${metricTitle(run.headline.metric)} ${formatMetric(run.headline.metric, run.test[run.headline.metric])}. Nothing was chosen by it.`}
        </p>
      )}
      {failure && <FailureNote failure={failure} />}
      {result && (
        <>
          <table className="run-details__values">
            <thead>
              <tr>
                <th scope="col">On the {result.split} split</th>
                <th scope="col">Run</th>
                <th scope="col">{result.baselineName}</th>
              </tr>
            </thead>
            <tbody>
              {Object.entries(result.values).map(([metric, value]) => (
                <tr key={metric}>
                  <th scope="row">{metricTitle(metric)}</th>
                  <td>{formatMetric(metric, value)}</td>
                  <td>{formatMetric(metric, result.baseline[metric])}</td>
                </tr>
              ))}
            </tbody>
          </table>
          {result.series && (
            <div className="run-details__chart">
              <SeriesChart series={result.series} />
            </div>
          )}
          {result.classes.length > 0 && <ClassTable classes={result.classes} />}
          {result.confusion && <ConfusionMatrix names={result.classes.map((c) => c.name)} counts={result.confusion} />}
        </>
      )}
    </section>
  );
}
