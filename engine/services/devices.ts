import { listDevices } from '../backends/choose.tf.ts';
import { chooseProducts, productsChoice, requireProducts } from '../backends/matrix-products.ts';
import { provision } from '../backends/provision.ts';
import type { SetupProgress } from '../protocol/app.ts';
import type { Handlers } from '../protocol/contract.ts';
import { failureText, UserError } from '../protocol/envelope.ts';
import type { EngineContext } from './context.ts';

type DeviceHandlers = Pick<
  Handlers,
  'app.devices' | 'app.matrixProducts.choose' | 'app.setup.start' | 'app.setup.cancel' | 'app.setup.status'
>;

/** The devices of this machine, and preparing native TensorFlow in the background, one preparation at a time. */
export function deviceService({ emit }: Pick<EngineContext, 'emit'>): DeviceHandlers {
  let progress: SetupProgress = { state: 'idle', step: '', fraction: null, message: null };
  let running: AbortController | null = null;

  const tell = (next: SetupProgress): SetupProgress => {
    progress = next;
    emit('setup.progress', next);
    return next;
  };

  const start = async (control: AbortController): Promise<void> => {
    try {
      const runtime = await provision({
        signal: control.signal,
        onProgress: (now) => {
          if (!control.signal.aborted) tell({ state: 'running', ...now });
        },
      });
      tell({
        state: 'done',
        step: 'Native TensorFlow is ready',
        fraction: 1,
        message: runtime.opsProblem ?? `TensorFlow ${runtime.manifest.tensorflow}`,
      });
    } catch (error) {
      if (control.signal.aborted) tell({ state: 'cancelled', step: 'Cancelled', fraction: null, message: null });
      else tell({ state: 'failed', step: progress.step, fraction: null, message: describe(error) });
    } finally {
      running = null;
    }
  };

  return {
    'app.devices': async () => ({ ...(await listDevices()), matrixProducts: productsChoice() }),
    'app.matrixProducts.choose': async ({ matrixProducts }) => {
      requireProducts(matrixProducts);
      await chooseProducts(matrixProducts);
      return {};
    },
    'app.setup.start': async () => {
      if (running !== null) return progress;
      running = new AbortController();
      const begun = tell({ state: 'running', step: 'Starting', fraction: 0, message: null });
      void start(running);
      return begun;
    },
    'app.setup.cancel': async () => {
      running?.abort(new Error('cancelled by the user'));
      return progress;
    },
    'app.setup.status': async () => progress,
  };
}

function describe(error: unknown): string {
  if (error instanceof UserError) return failureText(error.failure);
  return error instanceof Error ? error.message : String(error);
}
