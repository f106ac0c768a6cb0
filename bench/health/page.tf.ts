/** A page that trains on WebGPU with and without what watches its health. Bundled by `in-page.ts`. */
import { startWebGpu } from '../../engine/worker/webgpu.tf.ts';
import type { Task } from '../cases.ts';
import { compareSteps, type HealthSteps } from './compare.tf.ts';

export interface HealthPage {
  /** What it runs on, or why there is no WebGPU. */
  startHealth(): Promise<{ readonly description: string; readonly reason: string | null }>;
  compareHealth(task: Task, milliseconds: number): Promise<HealthSteps>;
}

/** A page does not know what its processors do, and the device works in another process: the clock stands for both. */
async function clocked(work: () => Promise<unknown>) {
  const begin = performance.now();
  await work();
  const clock = performance.now() - begin;
  return { clock, processor: clock };
}

Object.assign(globalThis, {
  startHealth: startWebGpu,
  compareHealth: (task, milliseconds) => compareSteps(task, milliseconds, clocked),
} satisfies HealthPage);
