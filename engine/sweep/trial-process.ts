/** Started in a process of its own, by process-runner.ts: trains the one trial that it is sent, tells of it, and ends. */
import { RunManager } from '../manage/run-manager.ts';
import { toFailure } from '../protocol/envelope.ts';
import { RunStore } from '../runs/run-store.ts';
import type { FromTrial, ToTrial } from './trial-messages.ts';
import { beginWhenFree } from './trial-runner.ts';

const tell = (message: FromTrial): void => {
  if (process.connected) process.send?.(message);
};
const cancelled = new AbortController();

async function train({ root, task }: Extract<ToTrial, { kind: 'train' }>): Promise<void> {
  const manager = new RunManager(new RunStore(root), { emit: (event, data) => tell({ kind: 'event', event, data }) });
  process.on('message', (message: ToTrial) => {
    if (message.kind !== 'end') return;
    cancelled.abort();
    void (message.how === 'stopped' ? manager.stop(task.id) : manager.putAway()).catch(() => undefined);
  });
  // Whoever asked for the trial is gone: what is trained so far is saved.
  process.on('disconnect', () => {
    cancelled.abort();
    void manager.putAway().finally(() => process.exit(0));
  });
  try {
    await beginWhenFree(manager, task, cancelled.signal);
    tell({ kind: 'ended', summary: await manager.ended(task.run) });
  } catch (error) {
    tell({ kind: 'failed', failure: toFailure(error) });
  }
}

process.once('message', (message: ToTrial) => {
  if (message.kind === 'train') void train(message).finally(() => process.connected && process.disconnect?.());
});
// Signals of a terminal reach it too: its parent decides.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
