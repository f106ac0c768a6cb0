import { cellLibrary } from '../cells/library.ts';
import { acceleratedCell } from '../cells/registry.ts';
import { programOp } from '../kernels/implementations.tf.ts';
import { allowBfloat16, inTraining } from '../kernels/native/rounded-products.ts';
import { firstLine } from './first-line.ts';
import { checkedCells, checkKernels } from './kernel-check.tf.ts';
import { kernelTimes } from './kernel-speed.tf.ts';
import { checkProgram } from './program-check.tf.ts';
import { bfloat16CheckLimit } from './self-check-limit.ts';

/** Whether training steps round what their matrix products multiply to bfloat16. */
export type Bfloat16Verdict =
  | {
      readonly used: true;
      /** The largest of their check, relative. */
      readonly error: number;
      /** Of an LSTM's step in float32, by its time in bfloat16, on this machine. */
      readonly gain: number;
    }
  | { readonly used: false; readonly reason: string };

/** What the device's description adds. */
export function describeBfloat16(verdict: Bfloat16Verdict): string {
  if (!verdict.used) return ` · products in bfloat16 ${verdict.reason}; float32 used`;
  return ` · products in bfloat16 while training (LSTM ${verdict.gain.toFixed(1)} × as fast)`;
}

/**
 * Lets training round the factors of its matrix products to bfloat16, if the kernels then give the numbers of the composed form within
 * that rounding, values and gradients, and measures what is gained.
 *
 * @param has whether our kernels find instructions for it on this processor
 */
export async function startBfloat16(has: boolean): Promise<Bfloat16Verdict> {
  allowBfloat16(false);
  if (!has) return { used: false, reason: 'are not possible: this processor has no instructions for them' };
  allowBfloat16(true);
  const found = await largestError().catch((error: unknown) => `failed their check: ${firstLine(error)}`);
  allowBfloat16(typeof found === 'number');
  if (typeof found !== 'number') return { used: false, reason: found };
  return { used: true, error: found, gain: gain() };
}

/** The largest error of a check, or why it is not passed. */
async function largestError(): Promise<number | string> {
  let largest = 0;
  for await (const { cell, error, worst } of checksInBfloat16()) {
    if (!(error <= bfloat16CheckLimit))
      return `failed their check: ${cell} differs by ${error.toPrecision(2)} (limit ${bfloat16CheckLimit}; ${worst})`;
    largest = Math.max(largest, error);
  }
  return largest;
}

/** Every cell's kernels, and a cell out of its equations, as training runs them. */
async function* checksInBfloat16(): AsyncGenerator<{ readonly cell: string; readonly error: number; readonly worst: string }> {
  for (const cell of checkedCells()) yield await checkKernels(cell, inTraining);
  const [first] = cellLibrary;
  if (programOp() !== null && first !== undefined)
    yield { cell: first.title, ...(await checkProgram(first.equations, undefined, 0, inTraining)) };
}

function gain(): number {
  const [float32, bfloat16] = kernelTimes(acceleratedCell('lstm-cell', { hidden: 256 }), [(run) => run(), inTraining]);
  return (float32 ?? Number.NaN) / (bfloat16 ?? Number.NaN);
}
