import { rayAddress } from '../ray/address.ts';
import type { SweepManager } from '../sweep/sweep-manager.ts';
import type { EngineContext, Service } from './context.ts';
import { requireChosenStorage } from './ray.ts';

/** Sweeps: many trainings of one document. */
export function sweepService(sweeps: SweepManager, context: EngineContext): Service<'sweep'> {
  return {
    'sweep.start': async ({ document, on }) => {
      if (on === undefined) return sweeps.start({ document });
      await requireChosenStorage(context, on);
      return sweeps.start({ document, on: { ...on, address: rayAddress(on.address) } });
    },
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
