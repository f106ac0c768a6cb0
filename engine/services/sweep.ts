import type { SweepManager } from '../sweep/sweep-manager.ts';
import type { Service } from './context.ts';

/** Sweeps: many trainings of one document. */
export function sweepService(sweeps: SweepManager): Service<'sweep'> {
  return {
    'sweep.start': ({ document }) => sweeps.start({ document }),
    'sweep.resume': ({ sweep }) => sweeps.resume(sweep),
    'sweep.stop': ({ sweep }) => sweeps.stop(sweep),
    'sweep.cancel': async () => {
      sweeps.cancel();
      return {};
    },
    'sweep.get': ({ sweep }) => sweeps.get(sweep),
    'sweep.list': async () => ({ sweeps: (await sweeps.list()).map((state) => ({ ...state, trials: [] })) }),
  };
}
