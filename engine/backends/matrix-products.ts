import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { writeAtomically } from '../files/write-atomically.ts';
import { findHome } from '../home.ts';
import { cudnnPrecision } from '../kernels/cudnn/precision.ts';
import { type MatrixProducts, matrixProducts } from '../protocol/app.ts';
import { UserError } from '../protocol/envelope.ts';
import { hasBfloat16 } from '../toolchain/processor.ts';
import { type NativeRuntime, nativeRuntime } from '../toolchain/runtime.ts';
import type { CudnnAttempt } from './cudnn.tf.ts';
import { float16CheckLimit, selfCheckLimit, tf32CheckLimit } from './self-check-limit.ts';

/** Settings of this machine, not of a document. */
const settings = z.object({ matrixProducts });

/** Stands above the choice for one process. */
export const productsVariable = 'UNROLL_MATRIX_PRODUCTS';

/** What the user chose for this machine; float32 where nothing was chosen, or the file is damaged. */
export function chosenProducts(file = findHome().device): MatrixProducts {
  const here = matrixProducts.safeParse(process.env[productsVariable]);
  if (here.success) return here.data;
  try {
    return settings.parse(JSON.parse(readFileSync(file, 'utf8'))).matrixProducts;
  } catch {
    return 'float32';
  }
}

/** Why each type of products is not possible with a prepared runtime; `null` where it is. */
function obstacle(type: MatrixProducts, runtime: NativeRuntime | null, bfloat16: boolean): string | null {
  const onGpu = runtime?.manifest.kind === 'cuda';
  if (type === 'tf32' || type === 'float16')
    return onGpu ? null : 'they need native TensorFlow on an NVIDIA GPU, and this machine has none prepared';
  if (type === 'float32') return null;
  if (onGpu) return 'they are for the processor, and native TensorFlow computes on the NVIDIA GPU here';
  if (!bfloat16) return 'this processor has no instructions for them (AVX512_BF16)';
  return runtime?.ops == null ? 'they need native TensorFlow with the fused kernels, which are not prepared' : null;
}

/** What is chosen and what is possible, where that is more than float32. */
export function productsChoice(
  runtime = nativeRuntime(),
  bfloat16 = hasBfloat16(),
): { readonly chosen: MatrixProducts; readonly options: MatrixProducts[] } | null {
  const options = matrixProducts.options.filter((type) => obstacle(type, runtime, bfloat16) === null);
  const chosen = chosenProducts();
  return options.length < 2 ? null : { chosen: options.includes(chosen) ? chosen : 'float32', options };
}

/** @throws UserError `products-unavailable` where a type is not possible, with the reason. */
export function requireProducts(type: MatrixProducts): void {
  const reason = obstacle(type, nativeRuntime(), hasBfloat16());
  if (reason === null) return;
  throw new UserError({
    code: 'products-unavailable',
    message: `Matrix products in ${type} are not possible here: ${reason}.`,
    hint: 'They stay float32. “unroll setup” prepares native TensorFlow.',
  });
}

/** Keeps the choice. It counts from the next time that TensorFlow is loaded: once in a process. */
export async function chooseProducts(choice: MatrixProducts, file = findHome().device): Promise<void> {
  await writeAtomically(file, `${JSON.stringify({ matrixProducts: choice }, null, 2)}\n`);
}

/**
 * Tells NVIDIA's libraries, which read it when they are loaded, whether float32 products may run on tensor cores as TF32: without it
 * they do, from Ampere on. With float16 chosen they may, too. What the user's environment says stays.
 */
export function setProductsEnvironment(choice: MatrixProducts = chosenProducts()): void {
  if (choice === 'float32' || choice === 'bfloat16') process.env['NVIDIA_TF32_OVERRIDE'] ??= '0';
}

/**
 * How this process multiplies matrices of float32 on an NVIDIA GPU, once the environment is set. With float16 chosen these are the
 * products outside cuDNN.
 */
export const productsInUse = (): 'float32' | 'tf32' => (process.env['NVIDIA_TF32_OVERRIDE'] === '0' ? 'float32' : 'tf32');

const float32Limit = (): number => (productsInUse() === 'tf32' ? tf32CheckLimit : selfCheckLimit);

/** How cuDNN is to be used: as chosen, or in float32 where its kernels do not compute right in float16. */
export function cudnnAttempts(choice: MatrixProducts = chosenProducts()): readonly CudnnAttempt[] {
  const float32 = { precision: 'float32', limit: float32Limit() } as const;
  return choice === 'float16' ? [{ precision: 'float16', limit: float16CheckLimit }, float32] : [float32];
}

/** Largest relative error that TensorFlow may show in a check. */
export function tensorflowLimit(onGpu: boolean): number {
  if (!onGpu) return selfCheckLimit;
  return cudnnPrecision() === 'float16' ? float16CheckLimit : float32Limit();
}
