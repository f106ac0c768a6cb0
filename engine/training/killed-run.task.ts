import type { BackendName } from '../protocol/app.ts';
import { type SyntheticTask, syntheticTask } from './synthetic-task.ts';

/** What the killed process, the one that resumes and the one that goes through all train. */
export const killedTask = (device: BackendName): SyntheticTask =>
  syntheticTask('sequence-classification', {
    epochs: 12,
    batchSize: 16,
    checkpointEverySteps: 7,
    learningRate: 0.01,
    weightDecay: 0.01,
    optimizer: { kind: 'adamw' },
    schedule: { kind: 'cosine' },
    device,
  });
