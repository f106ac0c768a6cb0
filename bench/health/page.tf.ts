/** A page that trains on WebGPU with and without what watches its health. Bundled by `in-page.ts`. */
import { startWebGpu } from '../../engine/worker/webgpu.tf.ts';
import type { Task } from '../cases.ts';
import { compareSteps, type HealthSteps } from './compare.tf.ts';
import type { Took } from './took.ts';

export interface HealthPage {
  /** What it runs on, or why there is no WebGPU. */
  startHealth(): Promise<{ readonly description: string; readonly reason: string | null }>;
  compareHealth(task: Task, milliseconds: number): Promise<HealthSteps>;
}

/** What the page is given by the benchmark. */
interface Given {
  /** Milliseconds that the processors have worked for the whole browser, as of now. */
  processorTime(): Promise<number>;
}

async function took(work: () => Promise<unknown>): Promise<Took> {
  const { processorTime } = globalThis as typeof globalThis & Given;
  const processor = await processorTime();
  const clock = performance.now();
  await work();
  return { clock: performance.now() - clock, processor: (await processorTime()) - processor };
}

Object.assign(globalThis, {
  startHealth: startWebGpu,
  compareHealth: (task, milliseconds) => compareSteps(task, milliseconds, took),
} satisfies HealthPage);
