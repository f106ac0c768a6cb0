import { cudnnPrecision } from '../kernels/cudnn/precision.ts';
import { UserError } from '../protocol/envelope.ts';

/** Words by which JavaScript, WebAssembly, TensorFlow, CUDA and WebGPU say that memory ran out. */
const memoryWords =
  /out of memory|\boom\b|resource ?exhausted|allocation failed|failed to allocate|invalid (typed )?array length|cannot enlarge memory|memory access out of bounds|bad_alloc/i;

/** An error of a training step in the user's words; errors that no user can act on come back unchanged. */
export function describeTrainingError(error: unknown, batchSize: number): unknown {
  if (error instanceof UserError) return error;
  const text = error instanceof Error ? error.message : String(error);
  if (!memoryWords.test(text)) return error;
  return new UserError(
    {
      code: 'out-of-memory',
      message: `Memory ran out while training with ${batchSize} examples in a batch.`,
      hint: `Use a smaller batch (try ${Math.max(1, Math.floor(batchSize / 2))}), shorter sequences or fewer hidden units, then resume or start again.`,
    },
    { cause: error },
  );
}

/** What became no number, and where. */
interface Divergence {
  readonly what: 'loss' | 'weights';
  readonly value: number;
  readonly step: number;
}

interface Pace {
  readonly epoch: number;
  readonly learningRate: number;
  readonly clipNorm: number | null;
}

/** Which weights are left is for the run's folder to say: `afterDivergence` of failed-run.ts. */
export function notFinite({ what, value, step }: Divergence, { epoch, learningRate, clipNorm }: Pace): UserError {
  const clip = clipNorm === null ? 'turn on gradient clipping by norm (5 is a good start)' : `clip gradients below ${clipNorm}`;
  const range =
    cudnnPrecision() === 'float16'
      ? ' Matrix products in float16 have a smaller range: if it does not diverge in float32 or TF32 (device menu), that was it.'
      : '';
  return new UserError({
    code: 'loss-not-finite',
    message: `The ${what} became ${Number.isNaN(value) ? 'not a number' : 'infinite'} at step ${step}, in epoch ${epoch + 1}: training diverged.`,
    hint: `Lower the learning rate (it was ${Number(learningRate.toPrecision(3))}; try a tenth of it), or ${clip}.${range}`,
  });
}
