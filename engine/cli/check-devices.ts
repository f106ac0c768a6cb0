import { spawn } from 'node:child_process';
import { checkChains } from '../backends/chain-check.tf.ts';
import { activateBackend } from '../backends/choose.tf.ts';
import { forgetEndedChecks } from '../backends/ended-checks.ts';
import { asItIs, checkedCells, checkKernels, type Form, type KernelCheck } from '../backends/kernel-check.tf.ts';
import { chosenProducts, productsChoice, productsVariable, tensorflowLimit } from '../backends/matrix-products.ts';
import { checkProgram, everyOperation } from '../backends/program-check.tf.ts';
import { bfloat16CheckLimit } from '../backends/self-check-limit.ts';
import { usesGpu } from '../backends/tensorflow.tf.ts';
import { cellLibrary } from '../cells/library.ts';
import { programOp } from '../kernels/implementations.tf.ts';
import { areChainsTrusted } from '../kernels/native/chain-op.tf.ts';
import { inTraining, isBfloat16Allowed } from '../kernels/native/rounded-products.ts';
import type { MatrixProducts } from '../protocol/app.ts';
import { UserError } from '../protocol/envelope.ts';
import { nativeRuntime } from '../toolchain/runtime.ts';
import type { Output } from './output.ts';

export const checkedBackends = ['tensorflow', 'wasm', 'javascript'] as const;
export type CheckedBackend = (typeof checkedBackends)[number];

/**
 * Starts each backend of this process, compares its gradients with the JavaScript backend's and the kernels of each cell with the
 * composed form on the same backend, and prints the largest relative errors. Where there is a choice of matrix products, TensorFlow is
 * checked with each of them, in processes of their own: NVIDIA's libraries take the choice only when they are loaded.
 *
 * @throws UserError `check-failed` when an error is over its limit, after everything has been printed.
 */
export async function checkDevices(output: Output, backends: readonly CheckedBackend[] = checkedBackends): Promise<void> {
  const runtime = nativeRuntime();
  if (runtime !== null) forgetEndedChecks(runtime.folder);
  let failures = 0;
  for (const backend of backends) {
    const choice = backend === 'tensorflow' && process.env[productsVariable] === undefined ? productsChoice(runtime) : null;
    if (choice === null) failures += await checkBackend(output, backend);
    else for (const products of choice.options) failures += await checkProducts(output, products);
  }
  if (failures > 0)
    throw new UserError({
      code: 'check-failed',
      message: `${failures} ${failures === 1 ? 'check' : 'checks'} failed: the errors above their limits are listed.`,
      hint: 'Report the list. Another device computes right in the meantime.',
    });
}

/** This command again, for TensorFlow alone and one kind of matrix products. Returns 1 if it failed, or its process was ended. */
async function checkProducts(output: Output, products: MatrixProducts): Promise<number> {
  output.tell({ backend: 'tensorflow', matrixProducts: products });
  output.say(`Matrix products: ${products}`);
  const script = [...process.execArgv, process.argv[1] ?? ''];
  const command = [...script, 'devices', '--check', '--device', 'tensorflow', ...(output.json ? ['--json'] : [])];
  const environment = { ...process.env, [productsVariable]: products };
  const ending = await new Promise<string | null>((resolve) => {
    const child = spawn(process.execPath, command, { env: environment, stdio: 'inherit' });
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code, signal) => resolve(code === 0 ? null : `exited with ${signal ?? code}`));
  });
  if (ending === null) return 0;
  output.tell({ backend: 'tensorflow', matrixProducts: products, ending });
  output.say(`${indent}the check in ${products} ${ending}`);
  return 1;
}

/** Returns how many of its checks failed. */
async function checkBackend(output: Output, backend: CheckedBackend): Promise<number> {
  let failures = 0;
  const device = await activateBackend(backend).catch((error: unknown) => {
    if (!(error instanceof UserError)) throw error;
    if (error.failure.code === 'backend-refused') failures += 1;
    output.tell({ backend, available: false, reason: error.failure.message });
    output.say(`${backend.padEnd(11)} ${error.failure.message}`);
    return null;
  });
  if (device === null) return failures;
  const rounded = backend === 'tensorflow' && isBfloat16Allowed();
  const limit = rounded ? bfloat16CheckLimit : tensorflowLimit(backend === 'tensorflow' && usesGpu());
  output.tell({ backend, available: true, description: device.description, selfCheckError: device.selfCheckError, limit });
  output.say(`${backend.padEnd(11)} ${device.description}`);
  if (backend !== 'javascript')
    output.say(`${indent}gradients of a small network, from JavaScript's: ${scientific(device.selfCheckError)}`);
  // The check before its use has found where they are wrong: there they are not in use.
  if (backend === 'tensorflow' && !rounded && chosenProducts() === 'bfloat16') failures += 1;
  for await (const result of kernelChecks(rounded ? inTraining : asItIs)) {
    const passed = result.error <= limit;
    if (!passed) failures += 1;
    output.tell({ backend, ...result, passed });
    const place = passed ? '' : ` over the limit ${limit}: ${result.worst}`;
    output.say(`${indent}${result.cell.padEnd(34)} ${result.implementation.padEnd(9)} ${scientific(result.error)}${place}`);
  }
  return failures;
}

/** Each cell that has a kernel on the active backend, then whole networks as one op, then cells out of their equations as register programs. */
async function* kernelChecks(
  form: Form,
): AsyncGenerator<Omit<KernelCheck, 'implementation'> & { readonly implementation: string }> {
  for (const cell of checkedCells()) {
    const result = await checkKernels(cell, form);
    if (result.implementation !== 'composed') yield result;
  }
  if (areChainsTrusted())
    for (const { name, ...result } of await checkChains(form)) yield { cell: name, implementation: 'one op', ...result };
  if (programOp() === null) return;
  // Of an operation that jumps, rounding to 8 bits may decide which side it is on: those are checked in float32.
  const operations = form === asItIs ? [{ title: 'every operation', equations: everyOperation }] : [];
  for (const { title, equations } of [...cellLibrary, ...operations])
    yield { cell: title, implementation: 'program', ...(await checkProgram(equations, undefined, 0, form)) };
}

const indent = ' '.repeat(12);

const scientific = (error: number | null): string => (error === null ? 'not known' : error.toExponential(1));
