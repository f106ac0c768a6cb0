import type { CellProgram } from '../../cells/cell-program.ts';
import type { Block } from '../../cells/step/evaluate.ts';
import { type StateStep, stateSize, timesJacobian } from './jacobian.ts';
import { largestSingularValue } from './singular-value.ts';
import { identity } from './state-blocks.ts';
import { anyDirection, largestOf, orthonormalize, rowOf } from './vectors.ts';

/** How far a state late in a sequence depends on those before it. */
export interface GradientFlow {
  /**
   * Lyapunov exponents, largest first: the mean over real steps of the logarithm of what a step multiplies a direction by, in nats a step.
   * Above 0 gradients grow on average, below 0 they fade.
   */
  readonly exponents: readonly number[];
  /** ‖∂s_T/∂s_t‖₂ for t = 0 … T: after step t, 1 at T; s_0 is the state before the first step. */
  readonly norms: readonly number[];
}

/**
 * Walks back from the last step: Q of the exponents by QR at each step (Benettin et al. 1980; of the transposed product, whose exponents
 * are the same), and the product of the Jacobians itself. Neither makes a Jacobian: rows are pulled back through the step.
 *
 * @param steps in the order in which the cell ran, one row each
 * @param count exponents wanted; those of the most stretched directions. At most S
 * @param onStep how many steps were walked
 */
export function gradientFlow(
  program: CellProgram,
  steps: readonly StateStep[],
  count: number,
  onStep: (walked: number) => void = () => undefined,
): GradientFlow {
  const size = stateSize(program);
  const wanted = Math.min(count, size);
  const sums = new Float64Array(wanted);
  let directions: Block = { rows: wanted, width: size, data: anyDirection(wanted * size) };
  orthonormalizeRows(directions);
  let product = identity(size);
  let scale = 0;
  let real = 0;
  const norms = [1];
  for (let t = steps.length - 1; t >= 0; t--) {
    const step = steps[t] ?? null;
    if (step !== null) {
      real++;
      const turned = timesJacobian(program, step, directions);
      const lengths = orthonormalizeRows(turned);
      lengths.forEach((length, i) => {
        sums[i] = (sums[i] ?? 0) + Math.log(length);
      });
      directions = turned;
      product = timesJacobian(program, step, product);
      const most = largestOf(product.data);
      if (most > 0 && Number.isFinite(most)) {
        product = { ...product, data: product.data.map((value) => value / most) };
        scale += Math.log(most);
      }
    }
    norms.unshift(largestSingularValue(product) * Math.exp(scale));
    onStep(steps.length - t);
  }
  const exponents = real === 0 ? [] : [...sums].map((sum) => sum / real).sort((a, b) => b - a);
  return { exponents, norms };
}

/** In place. @returns length of each row's part that the rows before it have not */
function orthonormalizeRows(block: Block): readonly number[] {
  const done: Float64Array[] = [];
  return Array.from({ length: block.rows }, (_, row) => {
    const values = rowOf(block, row);
    const length = orthonormalize(values, done);
    done.push(values);
    return length;
  });
}
