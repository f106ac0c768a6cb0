import { provision } from '../backends/provision.ts';
import { UserError } from '../protocol/envelope.ts';
import { prepareOptuna } from '../sweep/optuna/environment.ts';
import type { Output } from './output.ts';
import { ProgressBar } from './progress-bar.ts';

/** Ctrl-C cancels and leaves nothing half-made. */
export const setupCommand = (output: Output): Promise<void> =>
  cancellable(output, async (bar, signal) => {
    const runtime = await provision({
      signal,
      onProgress: ({ step, fraction, message }) => {
        bar.draw(fraction, message === null ? step : `${step} · ${message}`);
        output.tell({ event: 'progress', step, fraction, message });
      },
    });
    bar.clear();
    output.tell({
      event: 'done',
      tensorflow: runtime.manifest.tensorflow,
      folder: runtime.folder,
      ops: runtime.ops,
      opsProblem: runtime.opsProblem,
    });
    output.say(`Native TensorFlow ${runtime.manifest.tensorflow} is ready in ${runtime.folder}`);
    if (runtime.opsProblem !== null) output.say(`Its fused kernels are missing: ${runtime.opsProblem}`);
  });

/** Optuna in a Python environment of its own, as a sweep prepares it when it is first asked for. */
export const setupOptunaCommand = (output: Output): Promise<void> =>
  cancellable(output, async (bar, signal) => {
    const step = (name: string): void => {
      bar.draw(null, name);
      output.tell({ event: 'progress', step: name, fraction: null, message: null });
    };
    const python = await prepareOptuna(step, signal);
    bar.clear();
    output.tell({ event: 'done', optuna: python });
    output.say(`Optuna is ready: ${python}`);
  });

async function cancellable(output: Output, work: (bar: ProgressBar, signal: AbortSignal) => Promise<void>): Promise<void> {
  const bar = new ProgressBar(!output.json);
  const cancelled = new AbortController();
  const cancel = (): void => cancelled.abort();
  process.once('SIGINT', cancel);
  try {
    await work(bar, cancelled.signal);
  } catch (error) {
    bar.clear();
    if (!cancelled.signal.aborted) throw error;
    throw new UserError({
      code: 'cancelled',
      message: 'Setup was cancelled; nothing was left half-made.',
      hint: 'Run it again when you like.',
    });
  } finally {
    process.off('SIGINT', cancel);
  }
}
