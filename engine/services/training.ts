import type { RunManager } from '../manage/run-manager.ts';
import type { RunModels } from '../manage/run-models.ts';
import type { Service } from './context.ts';

/** Training, and the runs that are kept. */
export function trainingService(runs: RunManager, models: RunModels): Service<'training' | 'runs'> {
  return {
    'training.start': ({ document, name, from, film }) => runs.startRun({ document, name, from, film }),
    'training.fit': async ({ document }) => ({ problem: await runs.memoryProblem(document) }),
    'training.pause': ({ run }) => runs.pause(run),
    'training.resume': ({ run }) => runs.resumeRun(run),
    'training.stop': ({ run }) => runs.stop(run),
    'training.cancel': async () => {
      await runs.cancelStart();
      return {};
    },
    'runs.list': async () => ({ runs: await runs.list(), damaged: await runs.store.damaged() }),
    'runs.get': ({ run }) => runs.get(run),
    'runs.metrics': ({ run }) => runs.metrics(run),
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
