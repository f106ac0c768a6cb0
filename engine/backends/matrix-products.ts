import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { writeAtomically } from '../files/write-atomically.ts';
import { findHome } from '../home.ts';
import { cudnnPrecision } from '../kernels/cudnn/precision.ts';
import { type MatrixProducts, matrixProducts } from '../protocol/app.ts';
import { nativeRuntime } from '../toolchain/runtime.ts';
import type { CudnnAttempt } from './cudnn.tf.ts';
import { float16CheckLimit, selfCheckLimit, tf32CheckLimit } from './self-check-limit.ts';

/** Settings of this machine, not of a document. */
const settings = z.object({ matrixProducts });

/** Stands above the choice for one process. */
export const productsVariable = 'UNROLL_MATRIX_PRODUCTS';

/** What the user chose for this machine's NVIDIA GPU; float32 where nothing was chosen, or the file is damaged. */
export function chosenProducts(file = findHome().device): MatrixProducts {
  const here = matrixProducts.safeParse(process.env[productsVariable]);
  if (here.success) return here.data;
  try {
    return settings.parse(JSON.parse(readFileSync(file, 'utf8'))).matrixProducts;
  } catch {
    return 'float32';
  }
}

/** What is chosen, where there is a choice: native TensorFlow for an NVIDIA GPU is prepared. */
export const productsChoice = (runtime = nativeRuntime()): MatrixProducts | null =>
  runtime?.manifest.kind === 'cuda' ? chosenProducts() : null;

/** Keeps the choice. It counts from the next time that TensorFlow is loaded: once in a process. */
export async function chooseProducts(choice: MatrixProducts, file = findHome().device): Promise<void> {
  await writeAtomically(file, `${JSON.stringify({ matrixProducts: choice }, null, 2)}\n`);
}

/**
 * Tells NVIDIA's libraries, which read it when they are loaded, whether float32 products may run on tensor cores as TF32: without it
 * they do, from Ampere on. With float16 chosen they may, too. What the user's environment says stays.
 */
export function setProductsEnvironment(choice: MatrixProducts = chosenProducts()): void {
  if (choice === 'float32') process.env['NVIDIA_TF32_OVERRIDE'] ??= '0';
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
