import { provision } from '../backends/provision.ts';
import { UserError } from '../protocol/envelope.ts';
import type { Output } from './output.ts';
import { ProgressBar } from './progress-bar.ts';

/** Ctrl-C cancels and leaves nothing half-made. */
export async function setupCommand(output: Output): Promise<void> {
  const bar = new ProgressBar(!output.json);
  const cancelled = new AbortController();
  const cancel = (): void => cancelled.abort();
  process.once('SIGINT', cancel);
  try {
    const runtime = await provision({
      signal: cancelled.signal,
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
