import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Batch, EncodedSplit } from '../dataset.ts';
import { largestBatch, RingReader, ringMemory, slots } from './batch-ring.ts';
import { type BatchPlan, type BatchSource, batchesOnDemand } from './batch-source.ts';

/** Memory that waiting batches may take; above it they are made one at a time. */
const mostBytes = 256e6;

/** From here on a thread is worth it (docs/adr/0016): wide batches, or epochs that take long to put in order. */
const wideBatch = 2 ** 20;
const longEpoch = 100_000;

/**
 * Batches made ahead in a thread of their own where that is worth it, so that training does not wait for them; otherwise one at a
 * time. They are the same ones in the same order.
 */
export function batchesAhead(plan: BatchPlan): BatchSource {
  const bytes = largestBatch(plan);
  const worthIt = bytes >= wideBatch || plan.split.count >= longEpoch;
  return worthIt && bytes * slots <= mostBytes && isShared(plan.split) ? threadedBatches(plan) : batchesOnDemand(plan);
}

/**
 * The thread reads the examples where they are, and puts batches into shared memory.
 *
 * @param start starts the thread; the default runs `batch-thread.ts`
 */
export function threadedBatches(plan: BatchPlan, start: (data: unknown) => Worker = startThread): BatchSource {
  const memory = ringMemory(largestBatch(plan));
  const { unknownTexts: _texts, ...split } = plan.split;
  const needed: BatchPlan = { ...plan, split: { ...split, lines: new Uint32Array() } };
  return new ThreadedBatches(start({ plan: needed, memory }), new RingReader(memory));
}

class ThreadedBatches implements BatchSource {
  readonly #worker: Worker;
  readonly #ring: RingReader;
  #failure: Error | null = null;
  #wake: (() => void) | null = null;

  constructor(worker: Worker, ring: RingReader) {
    this.#worker = worker;
    this.#ring = ring;
    worker.on('message', () => this.#wake?.());
    worker.on('error', (error) => this.#fail(error instanceof Error ? error : new Error(String(error))));
    worker.on('exit', () => this.#fail(new Error('the thread that prepares batches has ended')));
  }

  next(): Batch | Promise<Batch> {
    return this.#ring.read() ?? this.#awaited();
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  async #awaited(): Promise<Batch> {
    for (;;) {
      const told = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      const batch = this.#ring.read();
      if (batch !== null) return batch;
      if (this.#failure !== null) throw this.#failure;
      await told;
    }
  }

  /** What is ready is still given; the first reason counts. */
  #fail(reason: Error): void {
    this.#failure ??= reason;
    this.#wake?.();
  }
}

/** Whether a thread reads the same memory, instead of getting a copy of the whole split. */
const isShared = ({ tokens, series }: EncodedSplit): boolean => (tokens ?? series)?.buffer instanceof SharedArrayBuffer;

/** In a build the bundle of the thread's script; in a checkout the script beside this file, run through tsx. */
function startThread(workerData: unknown): Worker {
  if (process.env['UNROLL_BUNDLED'] === '1') {
    // By its text: in a package the bundle lies inside Electron's archive, whose content is checked as it is read here.
    const bundle = fileURLToPath(new URL('../../../dist/batch-thread.cjs', import.meta.url));
    return new Worker(readFileSync(bundle, 'utf8'), { workerData, eval: true });
  }
  const script = fileURLToPath(new URL('./batch-thread.ts', import.meta.url));
  const tsx = createRequire(import.meta.url).resolve('tsx/cjs');
  return new Worker(`require(${JSON.stringify(tsx)}); require(${JSON.stringify(script)});`, { workerData, eval: true });
}
