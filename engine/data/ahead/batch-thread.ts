/** Entry of the thread that makes a run's batches ahead; started by `batches-ahead.ts`, which ends it. */
import { parentPort, workerData } from 'node:worker_threads';
import { type RingMemory, RingWriter } from './batch-ring.ts';
import { type BatchPlan, batchesOf } from './batch-source.ts';

const { plan, memory } = workerData as { readonly plan: BatchPlan; readonly memory: RingMemory };
const ring = new RingWriter(memory, () => parentPort?.postMessage(null));
for (const batch of batchesOf(plan)) ring.write(batch);
