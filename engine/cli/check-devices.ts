import { activateBackend } from '../backends/choose.tf.ts';
import { forgetEndedChecks } from '../backends/ended-checks.ts';
import { checkedCells, checkKernels } from '../backends/kernel-check.tf.ts';
import { tensorflowLimit } from '../backends/matrix-products.ts';
import { nativeRuntime } from '../backends/native/runtime.ts';
import { usesGpu } from '../backends/tensorflow.tf.ts';
import { UserError } from '../protocol/envelope.ts';
import type { Output } from './output.ts';

/**
 * Starts each backend of this process, compares its gradients with the JavaScript backend's and the kernels of each cell with the
 * composed form on the same backend, and prints the largest relative errors.
 *
 * @throws UserError `check-failed` when an error is over its limit, after everything has been printed.
 */
export async function checkDevices(output: Output): Promise<void> {
  const runtime = nativeRuntime();
  if (runtime !== null) forgetEndedChecks(runtime.folder);
  let failures = 0;
  for (const backend of ['tensorflow', 'wasm', 'javascript'] as const) {
    const device = await activateBackend(backend).catch((error: unknown) => {
      if (!(error instanceof UserError)) throw error;
      if (error.failure.code === 'backend-refused') failures += 1;
      output.tell({ backend, available: false, reason: error.failure.message });
      output.say(`${backend.padEnd(11)} ${error.failure.message}`);
      return null;
    });
    if (device === null) continue;
    const limit = tensorflowLimit(backend === 'tensorflow' && usesGpu());
    output.tell({ backend, available: true, description: device.description, selfCheckError: device.selfCheckError, limit });
    output.say(`${backend.padEnd(11)} ${device.description}`);
    if (backend !== 'javascript')
      output.say(`${indent}gradients of a small network, from JavaScript's: ${scientific(device.selfCheckError)}`);
    for (const cell of checkedCells()) {
      const result = await checkKernels(cell);
      // The reference itself.
      if (result.implementation === 'composed') continue;
      const passed = result.error <= limit;
      if (!passed) failures += 1;
      output.tell({ backend, ...result, passed });
      const place = passed ? '' : ` over the limit ${limit}: ${result.worst}`;
      output.say(`${indent}${result.cell.padEnd(27)} ${result.implementation.padEnd(9)} ${scientific(result.error)}${place}`);
    }
  }
  if (failures > 0)
    throw new UserError({
      code: 'check-failed',
      message: `${failures} ${failures === 1 ? 'check' : 'checks'} failed: the errors above their limits are listed.`,
      hint: 'Report the list. Another device computes right in the meantime.',
    });
}

const indent = ' '.repeat(12);

const scientific = (error: number | null): string => (error === null ? 'not known' : error.toExponential(1));
