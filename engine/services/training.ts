import type { RunManager } from '../training/run-manager.ts';
import type { Service } from './context.ts';
import { notReady } from './not-ready.ts';

/** Training, and the runs that are kept. */
export function trainingService(runs: RunManager): Service<'training' | 'runs'> {
  return {
    'training.start': ({ document, name }) => runs.startRun({ document, name }),
    'training.pause': ({ run }) => runs.pause(run),
    'training.resume': ({ run }) => runs.resumeRun(run),
    'training.stop': ({ run }) => runs.stop(run),
    'runs.list': async () => ({ runs: await runs.list() }),
    'runs.get': ({ run }) => runs.get(run),
    'runs.metrics': async ({ run }) => ({ events: await runs.metrics(run) }),
    'runs.rename': ({ run, name }) => runs.rename(run, name),
    'runs.delete': async ({ run }) => {
      await runs.delete(run);
      return {};
    },
    'runs.evaluate': notReady,
  };
}
