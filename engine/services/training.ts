import type { RunManager } from '../manage/run-manager.ts';
import type { RunModels } from '../manage/run-models.ts';
import type { RayRuns } from '../ray/ray-runs.ts';
import type { EngineContext, Service } from './context.ts';
import { requireChosenStorage } from './ray.ts';

/** Training, and the runs that are kept. */
export function trainingService(
  runs: RunManager,
  models: RunModels,
  rays: RayRuns,
  context: EngineContext,
): Service<'training' | 'runs'> {
  return {
    'training.start': async ({ document, name, from, film, on }) => {
      if (on === undefined) return runs.startRun({ document, name, from, film });
      await requireChosenStorage(context, on);
      return rays.start({ document, name, from, film }, on);
    },
    'training.fit': async ({ document }) => ({ problem: await runs.memoryProblem(document) }),
    'training.pause': ({ run }) => runs.pause(run),
    'training.resume': ({ run }) => runs.resumeRun(run),
    'training.stop': ({ run }) => runs.stop(run),
    'training.cancel': async () => {
      rays.cancelStart();
      await runs.cancelStart();
      return {};
    },
    'runs.list': async () => ({ runs: await runs.list(), damaged: await runs.store.damaged() }),
    'runs.get': ({ run }) => runs.get(run),
    'runs.metrics': ({ run, after }) => runs.metrics(run, after),
    'runs.describe': ({ run, words }) => runs.describe(run, words),
    'runs.settings': ({ runs: ids }) => runs.settings(ids),
    'runs.delete': async ({ run }) => {
      const kept = await runs.delete(run);
      models.forget(run);
      return { kept };
    },
    'runs.restore': async ({ run }) => {
      const restored = await runs.restore(run);
      models.forget(run);
      return restored;
    },
    'runs.evaluate': ({ run, split }) => models.evaluate(run, split),
  };
}
