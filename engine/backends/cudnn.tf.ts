import { cudnnCell } from '../kernels/cudnn/ops.tf.ts';
import { setCudnn } from '../kernels/cudnn/sequence.tf.ts';
import { hasEndedChecks, marked } from './ended-checks.ts';
import { checkedCells, checkKernels } from './kernel-check.tf.ts';

/** Whether cuDNN's kernels are used; `error` is the largest of their check, relative. */
export type CudnnVerdict = { readonly used: true; readonly error: number } | { readonly used: false; readonly reason: string };

/** What the device's description says. */
export const describeCudnn = (verdict: CudnnVerdict): string =>
  verdict.used ? 'cuDNN kernels' : `cuDNN kernels ${verdict.reason}; composed form used`;

/**
 * Puts cuDNN's kernels into use if they give the numbers of the composed form on this GPU, values and gradients; `UNROLL_CUDNN=0` leaves
 * them out. TensorFlow ends the process at some of cuDNN's errors: a check that does so is not followed by another in the same `folder`.
 *
 * @param limit largest relative error
 */
export async function startCudnn(folder: string, limit: number): Promise<CudnnVerdict> {
  const verdict = await judge(folder, limit).catch(
    (error: unknown): CudnnVerdict => ({ used: false, reason: `failed their check: ${firstLine(error)}` }),
  );
  setCudnn(verdict.used);
  return verdict;
}

async function judge(folder: string, limit: number): Promise<CudnnVerdict> {
  if (process.env['UNROLL_CUDNN'] === '0') return { used: false, reason: 'switched off by UNROLL_CUDNN=0' };
  if (hasEndedChecks(folder))
    return { used: false, reason: 'ended their check, and the process with it (“unroll devices --check” tries again)' };
  return marked(folder, async () => {
    setCudnn(true);
    let largest = 0;
    for (const cell of checkedCells().filter((one) => cudnnCell(one) !== null)) {
      const { cell: name, error, worst } = await checkKernels(cell);
      if (!(error <= limit)) {
        const reason = `failed their check: ${name} differs by ${error.toPrecision(2)} (limit ${limit}; ${worst})`;
        return { used: false, reason };
      }
      largest = Math.max(largest, error);
    }
    return { used: true, error: largest };
  });
}

const firstLine = (error: unknown): string => (error instanceof Error ? error.message : String(error)).split('\n', 1)[0] ?? '';
