/** Trains a small run to its end, or goes on with the one that is there. Argument: its folder. Says when it has begun. */
import { dirname, join } from 'node:path';
import { RunStore } from '../runs/run-store.ts';
import { syntheticTask } from '../training/synthetic-task.test-support.ts';
import { RunManager } from './run-manager.ts';

const [folder = ''] = process.argv.slice(2);
const settings = { epochs: 12, batchSize: 16, checkpointEverySteps: 2, optimizer: { kind: 'adamw' }, device: 'javascript' };
const task = syntheticTask('sequence-classification', settings);
const store = new RunStore(join(dirname(folder), 'store'));
const ended = new Promise<string>((resolve) => {
  const manager = new RunManager(
    store,
    {
      emit: (event, data) => {
        if (event === 'run.metrics') process.stdout.write('step\n');
        if (event === 'run.progress' && 'summary' in data && data.summary.status !== 'running') resolve(data.summary.status);
      },
    },
    async () => task.data,
  );
  // Killed before it was whole, a new run's folder holds no run yet.
  void store
    .folder(folder)
    .read()
    .then(
      () => manager.resumeRun(folder),
      () => manager.startRun({ document: task.document, folder }),
    );
});
process.exitCode = (await ended) === 'done' ? 0 : 1;
