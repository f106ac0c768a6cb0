import { Download, FolderOpen, Play, Square } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import { sweepProblems } from '../../engine/lint/sweep-findings.ts';
import type { SweepState } from '../../engine/protocol/sweep.ts';
import { ViewHead } from '../insight/view-head.tsx';
import { openOnCanvas } from '../runs/run-actions.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { FailureNote } from '../training/failure-note.tsx';
import { refreshRuns, useTrainingStore } from '../training/store.ts';
import { Button } from '../ui/button.tsx';
import { toCsv } from '../ui/csv.ts';
import { saveFile } from '../ui/save-file.ts';
import { Select } from '../ui/select.tsx';
import { Spinner } from '../ui/spinner.tsx';
import { BestLine } from './best-line.tsx';
import { ImportanceBars } from './importance-bars.tsx';
import { ParallelCoordinates, placesOf, plotAxes } from './parallel-coordinates.tsx';
import { type Brush, isWithin } from './parallel-geometry.ts';
import { SweepForm } from './sweep-form.tsx';
import {
  cancelStart,
  dismissSweepFailure,
  refreshSweeps,
  resumeSweep,
  showSweep,
  startSweep,
  stopSweep,
  useSweeps,
} from './sweep-store.ts';
import './sweep.css';
import { TrialTable } from './trial-table.tsx';
import { objectiveTitle, problemText, resultText, valueWord } from './words.ts';

/** Many trainings of the document with other settings: what is varied, and what came out. */
export function SweepPanel() {
  const { shown, failure, loaded } = useSweeps();
  useEffect(() => void refreshSweeps(), []);
  return (
    <section aria-label="Sweep" className="sweep">
      <div className="sweep__form">
        <SweepForm />
        <StartButtons />
        {failure && <FailureNote failure={failure} onDismiss={dismissSweepFailure} />}
      </div>
      <div className="sweep__results">
        {shown ? (
          <Results key={shown.id} state={shown} />
        ) : loaded ? (
          <p className="sweep__hint sweep__hint--alone">
            What a sweep has tried stands here: every trial with its settings and its result, which settings decide, and the best
            so far. Each trial is also a run like any other.
          </p>
        ) : (
          <Spinner label="Reading the sweeps …" />
        )}
      </div>
    </section>
  );
}

/** Starts the document's sweep, or says what keeps it from starting. */
function StartButtons() {
  const whole = useDocumentStore((s) => s.whole);
  const { pending, preparing, shown, sweeps } = useSweeps();
  const problems = useMemo(() => sweepProblems(whole), [whole]);
  const running = sweeps.find(({ status }) => status === 'running') ?? (shown?.status === 'running' ? shown : undefined);
  const empty = (whole.sweep?.vary.length ?? 0) === 0;
  const right = problems.settings.length === 0 && problems.together.length === 0;
  return (
    <div className="sweep__start">
      {/* What is wrong with a setting stands at it. */}
      {problems.together.map((problem) => (
        <p key={problem.message} className="range__problem" role="alert">
          {problemText(problem)}
        </p>
      ))}
      {pending === 'start' || pending === 'resume' ? (
        <>
          <Spinner label={preparing ?? 'Starting …'} />
          <Button size="small" onClick={cancelStart}>
            Cancel
          </Button>
        </>
      ) : running ? (
        <Button onClick={() => void stopSweep(running.id)} disabled={pending !== null}>
          <Square size={13} aria-hidden fill="currentColor" /> {pending === 'stop' ? 'Stopping …' : 'Stop the sweep'}
        </Button>
      ) : (
        <Button variant="primary" disabled={empty || !right} onClick={() => void startSweep()}>
          <Play size={13} aria-hidden fill="currentColor" /> Start the sweep
        </Button>
      )}
    </div>
  );
}

function Results({ state }: { readonly state: SweepState }) {
  const [hovered, setHovered] = useState<number | null>(null);
  const [brushes, setBrushes] = useState<ReadonlyMap<number, Brush>>(new Map());
  const axes = useMemo(() => plotAxes(state), [state]);
  return (
    <>
      <ResultsHead state={state} />
      <section aria-label="Parallel coordinates" className="sweep__card">
        <ViewHead
          title="Settings and results"
          shows="Each line is a trial, through the value of each setting to its result."
          lookFor="Look for bundles: lines that end well and share a value."
        />
        <ParallelCoordinates
          state={state}
          axes={axes}
          hovered={hovered}
          onHover={setHovered}
          brushes={brushes}
          onBrush={setBrushes}
        />
      </section>
      <div className="sweep__pair">
        <section aria-label="Importance" className="sweep__card">
          <ViewHead
            title="Importance"
            shows="How much each setting decides."
            lookFor="What decides nothing need not be varied."
          />
          <ImportanceBars state={state} />
        </section>
        <section aria-label="Best so far" className="sweep__card">
          <ViewHead
            title="Best so far"
            shows={`Dots are trials, the line is the best ${objectiveTitle(state)} until then.`}
            lookFor="A line that has long been flat: more trials may tell little."
          />
          <BestLine state={state} />
        </section>
      </div>
      <TrialTable
        state={state}
        hovered={hovered}
        onHover={setHovered}
        within={(trial) => brushes.size === 0 || isWithin(placesOf(axes, trial), brushes)}
      />
    </>
  );
}

function ResultsHead({ state }: { readonly state: SweepState }) {
  const { sweeps, pending } = useSweeps();
  const { trials, total, status, best, message } = state;
  const over = trials.filter((trial) => trial.status !== 'running' && trial.status !== 'waiting').length;
  const winner = trials.find(({ number }) => number === best);
  const going = sweeps.some((one) => one.status === 'running');
  const words = { running: 'goes on', unfinished: 'is unfinished', done: 'is done' }[status];
  return (
    <header className="sweep__head">
      <div className="sweep__bar">
        <h2>
          {state.name}: {over} of {total} trials
        </h2>
        {sweeps.length > 1 && (
          <Select
            label="Sweep"
            value={state.id}
            onChange={(id) => void showSweep(id)}
            options={sweeps.map((one) => ({
              value: one.id,
              label: `${one.name} · ${new Date(one.created).toLocaleString('en', { dateStyle: 'medium', timeStyle: 'short' })}`,
            }))}
          />
        )}
        {status === 'unfinished' && (
          <Button size="small" disabled={pending !== null || going} onClick={() => void resumeSweep(state.id)}>
            <Play size={13} aria-hidden /> Go on
          </Button>
        )}
        <Button size="small" disabled={winner === undefined} onClick={() => void openBest(state)}>
          <FolderOpen size={13} aria-hidden /> Open the best
        </Button>
        <Button size="small" onClick={() => saveTrials(state)}>
          <Download size={13} aria-hidden /> CSV
        </Button>
      </div>
      <p role="status">
        The sweep {words}.{' '}
        {winner
          ? `Best ${objectiveTitle(state)}: ${resultText(state, winner)}, trial ${winner.number}.`
          : 'No trial has a result yet.'}
        {state.on !== null && ` Trials train on ${state.on}.`}
        {message !== null && ` ${message}`}
      </p>
    </header>
  );
}

/** The document of the best trial's first run, with its settings filled in and the sweep kept. */
async function openBest({ trials, best }: SweepState): Promise<void> {
  const run = trials.find(({ number }) => number === best)?.runs[0]?.run;
  if (run === undefined) return;
  const find = () => useTrainingStore.getState().runs.find(({ id }) => id === run);
  if (find() === undefined) await refreshRuns();
  const found = find();
  if (found) await openOnCanvas(found);
  else {
    useSweeps.setState({
      failure: {
        code: 'run-not-found',
        message: 'The run of the best trial is not there any more.',
        hint: 'Its settings stand in the table.',
      },
    });
  }
}

/** Every trial with its settings, its result and each of its runs, as `sweep.csv`. */
function saveTrials({ trials, settings, objective }: SweepState): void {
  const head = ['trial', ...settings.map(({ title }) => title), objective.metric, 'deviation', 'state', 'reason', 'runs'];
  const rows = trials.map(({ number, values, value, spread, status, reason, runs }) => [
    number,
    ...values.map(valueWord),
    value,
    spread,
    status,
    reason ?? '',
    runs.map(({ run }) => run).join(' '),
  ]);
  saveFile('sweep.csv', new Blob([toCsv([head, ...rows])], { type: 'text/csv;charset=utf-8' }));
}
