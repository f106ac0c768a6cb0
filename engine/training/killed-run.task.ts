import type { BackendName } from '../protocol/app.ts';
import { reversalTask } from './reversal-task.ts';
import { type SyntheticTask, syntheticTask } from './synthetic-task.ts';

export const killedTasks = ['classes', 'sequences'] as const;
export type KilledTask = (typeof killedTasks)[number];

/** What the killed process, the one that resumes and the one that goes through all train. */
export function killedTask(kind: KilledTask, device: BackendName): SyntheticTask {
  const settings = {
    epochs: 12,
    batchSize: 16,
    checkpointEverySteps: 7,
    learningRate: 0.01,
    weightDecay: 0.01,
    optimizer: { kind: 'adamw' },
    schedule: { kind: 'cosine' },
    device,
  };
  if (kind === 'classes') return syntheticTask('sequence-classification', settings);
  return reversalTask({ settings: { ...settings, epochs: 8, scheduledSampling: 0.6 }, examples: 240, hidden: 8 });
}
