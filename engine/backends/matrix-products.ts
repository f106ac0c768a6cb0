import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { writeAtomically } from '../files/write-atomically.ts';
import { findHome } from '../home.ts';
import { type MatrixProducts, matrixProducts } from '../protocol/app.ts';
import { nativeRuntime } from './native/runtime.ts';
import { selfCheckLimit, tf32CheckLimit } from './self-check-limit.ts';

/** Settings of this machine, not of a document. */
const settings = z.object({ matrixProducts });

/** What the user chose for this machine's NVIDIA GPU; float32 where nothing was chosen, or the file is damaged. */
export function chosenProducts(file = findHome().device): MatrixProducts {
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
 * they do, from Ampere on. What the user's environment says stays.
 */
export function setProductsEnvironment(choice: MatrixProducts = chosenProducts()): void {
  if (choice === 'float32') process.env['NVIDIA_TF32_OVERRIDE'] ??= '0';
}

/** How this process multiplies matrices on an NVIDIA GPU, once the environment is set. */
export const productsInUse = (): MatrixProducts => (process.env['NVIDIA_TF32_OVERRIDE'] === '0' ? 'float32' : 'tf32');

/** Largest relative error that TensorFlow may show in a check. */
export const tensorflowLimit = (onGpu: boolean): number =>
  onGpu && productsInUse() === 'tf32' ? tf32CheckLimit : selfCheckLimit;
