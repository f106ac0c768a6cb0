import { cudnnCell } from '../kernels/cudnn/ops.tf.ts';
import { type CudnnPrecision, setCudnn } from '../kernels/cudnn/precision.ts';
import { hasEndedChecks, marked } from './ended-checks.ts';
import { firstLine } from './first-line.ts';
import { checkedCells, checkKernels } from './kernel-check.tf.ts';

/** One way in which cuDNN may be used. */
export interface CudnnAttempt {
  readonly precision: CudnnPrecision;
  /** Largest relative error that its kernels may show. */
  readonly limit: number;
}

/** Whether cuDNN's kernels are used. */
export type CudnnVerdict =
  | {
      readonly used: true;
      readonly precision: CudnnPrecision;
      /** The largest of their check, relative. */
      readonly error: number;
      /** What was wanted more, and why it is not used. */
      readonly refused: string | null;
    }
  | { readonly used: false; readonly reason: string };

/** What the device's description says. */
export function describeCudnn(verdict: CudnnVerdict): string {
  if (!verdict.used) return `cuDNN kernels ${verdict.reason}; composed form used`;
  if (verdict.refused !== null) return `cuDNN kernels in ${verdict.precision}: ${verdict.refused}`;
  return verdict.precision === 'float32' ? 'cuDNN kernels' : `cuDNN kernels in ${verdict.precision}`;
}

/**
 * Puts cuDNN's kernels into use, in the first of the types of number in which they give the numbers of the composed form on this GPU,
 * values and gradients; `UNROLL_CUDNN=0` leaves them out. TensorFlow ends the process at some of cuDNN's errors: a check that does so
 * is not followed by another of the same type in the same `folder`.
 *
 * @param attempts the one that is wanted most first
 */
export async function startCudnn(folder: string, attempts: readonly CudnnAttempt[]): Promise<CudnnVerdict> {
  setCudnn(null);
  if (process.env['UNROLL_CUDNN'] === '0') return { used: false, reason: 'switched off by UNROLL_CUDNN=0' };
  const refused: { precision: CudnnPrecision; reason: string }[] = [];
  for (const attempt of attempts) {
    const { precision } = attempt;
    const found = await judge(folder, attempt).catch((error: unknown) => `failed their check: ${firstLine(error)}`);
    if (typeof found === 'number') {
      const [first] = refused;
      return { used: true, precision, error: found, refused: first ? `those in ${first.precision} ${first.reason}` : null };
    }
    setCudnn(null);
    refused.push({ precision, reason: found });
  }
  return { used: false, reason: refused.at(-1)?.reason ?? 'not wanted' };
}

/** The largest error, or why this type is not used; it is in use afterwards in any case. */
async function judge(folder: string, { precision, limit }: CudnnAttempt): Promise<number | string> {
  if (hasEndedChecks(folder, precision))
    return 'ended their check, and the process with it (“unroll devices --check” tries again)';
  return marked(folder, precision, async () => {
    setCudnn(precision);
    let largest = 0;
    for (const cell of checkedCells().filter((one) => cudnnCell(one.cell) !== null)) {
      const { cell: name, error, worst } = await checkKernels(cell);
      if (!(error <= limit)) return `failed their check: ${name} differs by ${error.toPrecision(2)} (limit ${limit}; ${worst})`;
      largest = Math.max(largest, error);
    }
    return largest;
  });
}
