/** Trains a synthetic run until its parent kills it. Arguments: root folder of the runs, task, device. Prints each step it reports, and each thread that makes batches. */
import { backendName } from '../protocol/app.ts';
import { RunStore } from '../runs/run-store.ts';
import { killedTask, killedTasks, onBatchesThread } from './killed-run.task.test-support.ts';
import { RunManager } from './run-manager.ts';

const [root = '', kind, device] = process.argv.slice(2);
const task = killedTask(killedTasks.find((known) => known === kind) ?? 'classes', backendName.parse(device));
process.on('worker', (worker) => onBatchesThread(worker, () => console.log('thread')));
const manager = new RunManager(
  new RunStore(root),
  {
    emit: (event, data) => {
      if (event === 'run.metrics' && 'events' in data) console.log(`step ${data.events.at(-1)?.step ?? 0}`);
    },
  },
  async () => task.data,
);
await manager.startRun({ document: task.document });
