import { ChevronDown, ChevronUp } from 'lucide-react';
import { useState } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { Evaluation, RunSummary } from '../../engine/protocol/runs.ts';
import { keyLabel } from '../app/keys.ts';
import { HealthNote } from '../health/health-note.tsx';
import { HealthView } from '../health/health-view.tsx';
import { LookButton } from '../insight/look-button.tsx';
import { SendFilesButton } from '../machine/send-files-button.tsx';
import { toggleTraining, useTrainingOpen } from '../store/dock-store.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { ScrollRegion } from '../ui/scroll-region.tsx';
import { Segmented } from '../ui/segmented.tsx';
import { ChartControls, MetricSelect } from './chart-controls.tsx';
import { ClassTable } from './class-table.tsx';
import { ClusterNote } from './cluster-note.tsx';
import { CompareList } from './compare-list.tsx';
import { ConfusionMatrix } from './confusion-matrix.tsx';
import { CurveLegend } from './curve-legend.tsx';
import { EmptyTraining } from './empty-training.tsx';
import { ExampleList } from './example-list.tsx';
import { FailureNote } from './failure-note.tsx';
import { Figures } from './figures.tsx';
import { OtherGraphNote } from './other-graph-note.tsx';
import { OverfittingNote } from './overfitting-note.tsx';
import { PreparingNote } from './preparing-note.tsx';
import { ReadingCurves } from './reading-curves.tsx';
import { RunChart } from './run-chart.tsx';
import { RunControls } from './run-controls.tsx';
import { RunFailureNote } from './run-failure-note.tsx';
import { RunProgressBar, RunProgressLine, statusWord } from './run-progress.tsx';
import { SeriesChart } from './series-chart.tsx';
import { activeRun, dismissFailure, trainOn, useTrainingStore } from './store.ts';
import './training.css';
import { TryIt } from './try-it.tsx';

type View = 'curves' | 'examples' | 'confusion' | 'classes' | 'series' | 'health';

/** Below the canvas, always there: the figures of the active run, how far it is, and what is to be said of it. */
export function TrainingHead() {
  const run = useTrainingStore(activeRun);
  const failure = useTrainingStore((s) => s.failure);
  return (
    <section aria-label="Training" className="training training--head">
      {failure && (
        <FailureNote failure={failure} onDismiss={dismissFailure}>
          <SendFilesButton failure={failure} onSent={dismissFailure} />
          {failure.code === 'checkpoints-damaged' && run && run.best !== null && (
            <Button size="small" variant="primary" onClick={() => void trainOn(run)}>
              Train on from its best weights
            </Button>
          )}
        </FailureNote>
      )}
      <PreparingNote />
      {run ? <RunHead run={run} /> : <EmptyTraining />}
    </section>
  );
}

function RunHead({ run }: { readonly run: RunSummary }) {
  const folded = !useTrainingOpen();
  return (
    <>
      <div className="training__head">
        <Figures run={run} />
        <div className="training__progress">
          <RunProgressBar run={run} />
          <RunProgressLine run={run} />
        </div>
        <div className="training__buttons">
          <LookButton run={run} />
          <RunControls run={run} />
          <IconButton
            size="small"
            label={folded ? 'Unfold the training panel' : 'Fold the training panel'}
            shortcut={keyLabel('mod+j')}
            aria-expanded={!folded}
            onClick={toggleTraining}
          >
            {folded ? <ChevronUp size={15} aria-hidden /> : <ChevronDown size={15} aria-hidden />}
          </IconButton>
        </div>
      </div>
      <ClusterNote run={run} />
      <RunFailureNote run={run} />
      <OtherGraphNote run={run} />
      <OverfittingNote run={run} />
      <HealthNote run={run} />
      {run.notes?.map((note) => (
        <p key={note} className="training__note">
          {note}
        </p>
      ))}
    </>
  );
}

/** Curves, examples, live predictions and comparison of a run. */
export function TrainingBody({ run }: { readonly run: RunSummary }) {
  const evaluation = useTrainingStore((s) => s.evaluations[run.id]);
  return (
    <section aria-label="Training: curves and predictions" className="training training--body">
      <div className="training__columns">
        <div className="training__main">
          <RunBody run={run} evaluation={evaluation} />
        </div>
        <ScrollRegion label="Try it and compare" className="training__side">
          {evaluation?.series && evaluation.classes.length === 0 ? (
            <LatestNumbers evaluation={evaluation} />
          ) : (
            <TryIt key={run.id} run={run} />
          )}
          <CompareList run={run} />
        </ScrollRegion>
      </div>
    </section>
  );
}

function RunBody({ run, evaluation }: { readonly run: RunSummary; readonly evaluation: Evaluation | undefined }) {
  const [chosen, setChosen] = useState<View>('curves');
  const metrics = useTrainingStore(useShallow((s) => s.curves[run.id]?.metrics() ?? []));
  const measured = useTrainingStore((s) => (s.curves[run.id]?.health.length ?? 0) > 0);
  const options: { value: View; label: string }[] = [
    { value: 'curves', label: 'Curves' },
    { value: 'examples', label: 'Examples' },
    ...(evaluation?.series ? [{ value: 'series' as const, label: 'Series' }] : []),
    ...(evaluation?.confusion ? [{ value: 'confusion' as const, label: 'Confusion' }] : []),
    ...(evaluation && evaluation.classes.length > 0 ? [{ value: 'classes' as const, label: 'Per class' }] : []),
    ...(measured ? [{ value: 'health' as const, label: 'Health' }] : []),
  ];
  const view: View = options.some((option) => option.value === chosen) ? chosen : 'curves';
  return (
    <>
      <div className="training__bar">
        <Segmented<View> label="View" value={view} onChange={setChosen} options={options} />
        {view === 'curves' ? (
          <>
            <ChartControls>
              <MetricSelect metrics={metrics} />
            </ChartControls>
            <CurveLegend metrics={metrics} />
          </>
        ) : (
          evaluation &&
          view !== 'health' && (
            <span className="training__legend">
              on the {evaluation.split === 'train' ? 'training' : evaluation.split} split at step{' '}
              {evaluation.step.toLocaleString('en')}
            </span>
          )
        )}
      </div>
      <div className="training__view">
        {view === 'curves' && <ReadingCurves run={run} />}
        {view === 'curves' && <RunChart run={run} />}
        {view === 'examples' &&
          (evaluation ? (
            <ExampleList
              examples={evaluation.examples}
              split={evaluation.split}
              numeric={evaluation.series !== null}
              generated={evaluation.decoded !== undefined}
            />
          ) : (
            <p className="training__soon">
              {run.status === 'running'
                ? 'Examples appear after the first validation, at the end of the first epoch.'
                : `This run is ${statusWord(run.status)} and has not been validated yet.`}
            </p>
          ))}
        {view === 'series' && evaluation?.series && <SeriesChart series={evaluation.series} />}
        {view === 'confusion' && evaluation?.confusion && (
          <ConfusionMatrix names={evaluation.classes.map((c) => c.name)} counts={evaluation.confusion} />
        )}
        {view === 'classes' && evaluation && <ClassTable classes={evaluation.classes} />}
        {view === 'health' && <HealthView run={run} />}
      </div>
    </>
  );
}

/** Forecasts have no sentence to try: the newest true and predicted values instead. */
function LatestNumbers({ evaluation }: { readonly evaluation: Evaluation }) {
  return (
    <section aria-label="Forecast" className="training__forecast">
      <h3 className="try-it__title">
        Forecast <span>true and predicted</span>
      </h3>
      <div className="training__forecast-chart">{evaluation.series && <SeriesChart series={evaluation.series.slice(-60)} />}</div>
    </section>
  );
}
