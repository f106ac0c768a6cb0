import { getBackend } from '@tensorflow/tfjs-core';
import { composed } from './composed.tf.ts';
import { isComposedOnly } from './composed-only.ts';
import { canUseCudnn, cudnnOp } from './cudnn/sequence.tf.ts';
import { nativeOp } from './native/ops.tf.ts';
import { nativeProgramOp } from './native/program-op.tf.ts';
import { fusedBackend } from './native-ops.tf.ts';
import type { ProgramOp } from './program-op.tf.ts';
import { areProgramsTrusted } from './program-trust.ts';
import type { RecurrenceImplementation } from './recurrence.tf.ts';
import type { RecurrenceProblem } from './recurrence.ts';
import { oneDirection, type SequenceOp } from './sequence-op.tf.ts';
import { wasmOp } from './wasm/ops.tf.ts';
import { wasmKernels } from './wasm/process-kernels.ts';
import { wasmProgramOp } from './wasm/program-op.tf.ts';
import { webGpuProgramOp } from './webgpu/program-op.tf.ts';
import { webGpu } from './webgpu/recurrence.tf.ts';

export type ImplementationName = 'WASM' | 'WebGPU' | 'cuDNN' | 'fused' | 'composed';

const implementations: Readonly<Record<ImplementationName, RecurrenceImplementation>> = {
  WASM: oneDirection(wasmOp),
  WebGPU: webGpu,
  cuDNN: oneDirection(cudnnOp),
  fused: oneDirection(nativeOp),
  composed,
};

/** Which implementation runs a problem on the current backend. */
export function implementationName(problem: RecurrenceProblem): ImplementationName {
  if (isComposedOnly()) return 'composed';
  if (getBackend() === 'wasm') return wasmKernels() === null ? 'composed' : 'WASM';
  if (getBackend() === 'webgpu') return areProgramsTrusted('webgpu') ? 'WebGPU' : 'composed';
  if (canUseCudnn(problem)) return 'cuDNN';
  return fusedBackend() === null ? 'composed' : 'fused';
}

/** The fastest implementation of the recurrence op for a problem on the current backend; all give the same numbers within rounding. */
export const implementationFor = (problem: RecurrenceProblem): RecurrenceImplementation =>
  implementations[implementationName(problem)];

/** The op that runs both directions of a problem at once on the current backend, or `null`. */
export function sequenceOpFor(problem: RecurrenceProblem): SequenceOp | null {
  const name = implementationName(problem);
  if (name === 'cuDNN') return cudnnOp;
  if (name === 'WASM') return wasmOp;
  return name === 'fused' ? nativeOp : null;
}

/**
 * The op that runs a cell out of its equations on the current backend as a register program, once it has passed the device check; `null`
 * where the cell is composed.
 */
export function programOp(): ProgramOp | null {
  if (isComposedOnly() || !areProgramsTrusted(getBackend())) return null;
  if (getBackend() === 'wasm') return wasmKernels() === null ? null : wasmProgramOp;
  if (getBackend() === 'webgpu') return webGpuProgramOp;
  return fusedBackend() === null ? null : nativeProgramOp;
}
