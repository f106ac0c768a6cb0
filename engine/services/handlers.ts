import { RunFilms } from '../manage/run-films.ts';
import { RunInspections } from '../manage/run-inspections.ts';
import { type ManagerEvents, RunManager } from '../manage/run-manager.ts';
import { RunModels } from '../manage/run-models.ts';
import type { Caller, Handlers } from '../protocol/contract.ts';
import { RayRuns } from '../ray/ray-runs.ts';
import { rayTrials } from '../ray/ray-trials.ts';
import { RayTokens } from '../ray/tokens.ts';
import { RunStore } from '../runs/run-store.ts';
import { SweepManager } from '../sweep/sweep-manager.ts';
import { appService } from './app.ts';
import { blockService } from './blocks.ts';
import type { EngineContext } from './context.ts';
import { dataService } from './data.ts';
import { documentService } from './documents.ts';
import { exportMaker, exportService } from './export.ts';
import { filesOfRuns } from './files-of-runs.ts';
import { filmService } from './film.ts';
import { importService } from './import.ts';
import { inspectService } from './inspect.ts';
import { lessonService } from './lessons.ts';
import { machineService } from './machine.ts';
import { predictService } from './predict.ts';
import { rayService } from './ray.ts';
import { seriesService } from './series.ts';
import { sweepService } from './sweep.ts';
import { trainingService } from './training.ts';
import { transferService } from './transfer.ts';
import { windowService } from './windows.ts';
import { workerService } from './worker.ts';

/** Every method of the contract (a forgotten one does not compile), and the runs behind them. */
export function createHandlers(context: EngineContext): {
  readonly handlers: Handlers;
  readonly runs: RunManager;
  readonly sweeps: SweepManager;
  /** Saves what trains, so that it can go on. */
  putAway(): Promise<void>;
  readonly rays: RayRuns;
  /** A window has gone. */
  left(window: Caller): void;
} {
  const told: ManagerEvents = {
    emit: (event, data) => {
      context.emit(event, data);
      sweeps.heard(event, data);
    },
  };
  const runs = new RunManager(new RunStore(context.home.runs), told);
  const sweeps = new SweepManager(context.home.sweeps, runs, context);
  const models = new RunModels(runs);
  const tokens = new RayTokens(context.home.rayTokens, context.secrets ?? null);
  const rays = new RayRuns({
    runs,
    tokens,
    events: told,
    evaluate: (run, split) => models.evaluate(run, split),
  });
  sweeps.onCluster = (sweep, target, width, validations) => rayTrials({ rays, runs, validations, target, sweep, width });
  const windows = windowService();
  const series = seriesService(context);
  const makeExport = exportMaker(runs, models);
  const handlers: Handlers = {
    ...appService(context),
    ...documentService(context),
    ...blockService(context),
    ...dataService(context),
    ...trainingService(runs, models, rays, context),
    ...predictService(models, context),
    ...filmService(new RunFilms(runs)),
    ...inspectService(new RunInspections(runs), context),
    ...exportService(models, context, makeExport),
    ...importService(runs, context),
    ...lessonService(),
    ...workerService(context),
    ...windows.handlers,
    ...series.handlers,
    ...machineService(context),
    ...transferService(context, makeExport, () => filesOfRuns(runs.store, sweeps)),
    ...sweepService(sweeps, context),
    ...rayService(tokens),
  };
  const left = (window: Caller): void => {
    windows.left(window);
    series.left(window);
  };
  // The sweep first: it must not begin another run.
  const putAway = async (): Promise<void> => {
    await sweeps.putAway();
    await runs.putAway();
  };
  return { handlers, runs, rays, sweeps, putAway, left };
}
