import { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';
import { getThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { plural, type StartedBackend } from './backend.ts';

let pathsSet = false;

/** WebAssembly in the engine's process: needs nothing installed. */
export async function startWasm(): Promise<StartedBackend> {
  if (!pathsSet) {
    setWasmPaths(dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm')) + sep);
    pathsSet = true;
  }
  if (!(await tf.setBackend('wasm'))) throw new Error('WebAssembly did not start');
  const simd = (await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT')) === true;
  return { description: `WASM${simd ? ' · SIMD' : ''} · ${plural(getThreadsCount(), 'thread')}` };
}
