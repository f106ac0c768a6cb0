import { totalmem } from 'node:os';
import type { Plan } from '../compile/plan.ts';
import { stepCount, targetCount } from '../data/batches.ts';
import type { EncodedSplit, PreparedData } from '../data/dataset.ts';
import type { TrainingSettings } from '../document/training-settings.ts';
import { onDocument, wayOf } from '../graph/inside-problems.ts';
import { type LargestBatch, type MemoryLimit, memoryFinding } from '../lint/memory.ts';
import type { BackendName } from '../protocol/app.ts';
import { UserError } from '../protocol/envelope.ts';
import type { Problem } from '../shapes/problem.ts';
import { type NvidiaGpu, nvidiaGpu } from '../toolchain/distribution.ts';
import { nativeRuntime } from '../toolchain/runtime.ts';

/** WebAssembly addresses no more, whatever the machine has. */
const wasmBytes = 2 ** 32;

/** The GPU that native TensorFlow computes on; `null` where it computes on the processor. */
const cudaGpu = (): NvidiaGpu | null => (nativeRuntime()?.manifest.kind === 'cuda' ? nvidiaGpu() : null);

/**
 * What training on a device may take. What is free counts, with what could be freed at once; of a container its own limit. Of an NVIDIA GPU
 * all of its memory. WebGPU does not tell what its GPU has: only what lies beside it is looked at.
 */
export function machineMemory(
  device: BackendName | 'auto',
  available = process.availableMemory(),
  total = totalmem(),
  gpu = device === 'tensorflow' || device === 'auto' ? cudaGpu() : null,
): readonly MemoryLimit[] {
  const here = { bytes: Math.min(available, total), where: 'this machine has free' };
  if (device === 'webgpu') return [{ ...here, of: 'beside-gpu' }];
  if (gpu !== null) {
    const there = gpu.bytes === null ? [] : [{ bytes: gpu.bytes, where: `the ${gpu.name} has`, of: 'gpu' as const }];
    return [...there, { ...here, of: 'beside-gpu' }];
  }
  if (device !== 'wasm') return [{ ...here, of: 'process' }];
  return [
    { ...here, of: 'wasm-process' },
    { bytes: wasmBytes, where: 'WebAssembly has', of: 'wasm-heap' },
  ];
}

/** An error for the memory that a plan does not fit; `null` where it may. */
export function memoryProblem(
  plan: Plan,
  data: Pick<PreparedData, 'splits'>,
  training: TrainingSettings,
  limits: readonly MemoryLimit[] = machineMemory(training.device),
): Problem | null {
  const batch = largestTrainingBatch(data, training.batchSize);
  for (const limit of limits) {
    const found = memoryFinding(plan, training, batch, limit);
    if (found !== null) return onDocument([found])[0] ?? null;
  }
  return null;
}

/** Batches hold examples of about equal length, so the largest one is of the longest. */
export function largestTrainingBatch({ splits: { train } }: Pick<PreparedData, 'splits'>, batchSize: number): LargestBatch {
  let [steps, said] = [1, 0];
  for (let i = 0; i < train.count; i++) {
    steps = Math.max(steps, stepCount(train, i));
    said = Math.max(said, targetCount(train, i));
  }
  return { rows: Math.min(batchSize, train.count), steps, said: saysSequences(train) ? said : 0 };
}

const saysSequences = (split: EncodedSplit): boolean => split.targets !== null && split.targets !== undefined;

/** Before anything is made or written. @throws UserError `does-not-fit` with what is needed, what there is, and what to lower */
export function refuseWhatDoesNotFit(
  plan: Plan,
  data: Pick<PreparedData, 'splits'>,
  training: TrainingSettings,
  limits: readonly MemoryLimit[],
): void {
  const found = memoryProblem(plan, data, training, limits);
  if (found === null) return;
  const node = wayOf(found);
  throw new UserError({
    code: 'does-not-fit',
    message: `The model does not fit: ${found.message}.`,
    hint: found.fix,
    ...(node === null ? {} : { node }),
  });
}
