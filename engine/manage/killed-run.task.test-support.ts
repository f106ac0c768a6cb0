import type { Worker } from 'node:worker_threads';
import { compilePlan } from '../compile/compile-plan.ts';
import { collapse } from '../graph/blocks/collapse.ts';
import { setRepeat } from '../graph/blocks/repeat.ts';
import { setParams } from '../graph/edit.ts';
import type { BackendName } from '../protocol/app.ts';
import { reversalTask } from '../training/reversal-task.test-support.ts';
import { type SyntheticTask, syntheticTask } from '../training/synthetic-task.test-support.ts';

export const killedTasks = ['classes', 'blocks', 'sequences', 'many examples'] as const;
export type KilledTask = (typeof killedTasks)[number];

/** What the killed process, the one that resumes and the one that goes through all train. */
export function killedTask(kind: KilledTask, device: BackendName): SyntheticTask {
  const settings = {
    epochs: 6,
    batchSize: 16,
    checkpointEverySteps: 7,
    learningRate: 0.01,
    weightDecay: 0.01,
    optimizer: { kind: 'adamw' },
    schedule: { kind: 'cosine' },
    device,
  };
  if (kind === 'classes') return syntheticTask('sequence-classification', settings);
  if (kind === 'blocks') return inBlocks(syntheticTask('step-tagging', { ...settings, epochs: 4 }));
  // So many that a thread makes their batches.
  if (kind === 'many examples')
    return syntheticTask('sequence-classification', { ...settings, epochs: 2, batchSize: 1000 }, 100_000);
  return reversalTask({ settings: { ...settings, epochs: 4, scheduledSampling: 0.6 }, examples: 240, hidden: 8 });
}

/** Dropout and recurrence in a block that follows itself. */
function inBlocks({ document, data }: SyntheticTask): SyntheticTask {
  const { facts } = data.encoding;
  const block = collapse(setParams(document, 'cell', { hidden: 6 }), new Set(['drop', 'cell', 'rnn']), 'Encoder');
  if (!block.ok) throw new Error(block.message);
  const twice = setRepeat(block.document, facts, block.id, 2);
  if (!twice.ok) throw new Error(twice.message);
  const compiled = compilePlan(twice.document, facts);
  if (!compiled.ok) throw new Error(compiled.problems[0]?.message);
  return { document: twice.document, data, plan: compiled.plan };
}

/** Calls `then` once a thread proves to be one that makes batches: it says `null` when the first one that training waits for is there. */
export function onBatchesThread(worker: Worker, then: () => void): void {
  worker.once('message', (message) => {
    if (message === null) then();
  });
}
