/** Started in a process of its own (`start-trial-process.ts`): trains the one trial that it is sent, tells of it, and ends. */
import { parentPort } from '../links/parent-port.ts';
import { RunManager } from '../manage/run-manager.ts';
import { toFailure } from '../protocol/envelope.ts';
import { RunStore } from '../runs/run-store.ts';
import type { FromTrial, ToTrial } from './trial-messages.ts';
import { beginWhenFree } from './trial-runner.ts';

/** Whoever has asked for the trial. */
interface Parent {
  listen(heard: (message: ToTrial) => void): void;
  /** Resolves once it is on its way. */
  tell(message: FromTrial): Promise<void>;
  /** Nothing more is told. */
  close(): void;
}

const byNode: Parent = {
  listen: (heard) => void process.on('message', heard),
  tell: (message) =>
    new Promise((resolve) => {
      if (process.connected) process.send?.(message, undefined, undefined, () => resolve());
      else resolve();
    }),
  close: () => {
    if (process.connected) process.disconnect?.();
  },
};

/** The desktop shell carries what is said, and ends this process when it has said its last. */
const byShell = (port: NonNullable<typeof parentPort>): Parent => ({
  listen: (heard) => void port.on('message', ({ data }) => heard(data as ToTrial)),
  tell: async (message) => port.postMessage(message),
  close: () => undefined,
});

const parent = parentPort === null ? byNode : byShell(parentPort);
const cancelled = new AbortController();
let manager: RunManager | null = null;
let own = '';

async function train({ root, task }: Extract<ToTrial, { kind: 'train' }>): Promise<void> {
  manager = new RunManager(new RunStore(root), { emit: (event, data) => void parent.tell({ kind: 'event', event, data }) });
  own = task.id;
  try {
    await beginWhenFree(manager, task, cancelled.signal);
    await parent.tell({ kind: 'ended', summary: await manager.ended(task.run) });
  } catch (error) {
    await parent.tell({ kind: 'failed', failure: toFailure(error) });
  }
  parent.close();
}

/** What is trained so far is saved. */
async function end(how: 'paused' | 'stopped'): Promise<void> {
  cancelled.abort();
  await (how === 'stopped' ? manager?.stop(own) : manager?.putAway());
}

parent.listen((message) => {
  if (message.kind === 'train') void train(message);
  else if (message.kind === 'end') void end(message.how).catch(() => undefined);
});
// Whoever asked for the trial is gone.
process.on('disconnect', () => void end('paused').finally(() => process.exit(0)));
// Signals of a terminal reach it too: its parent decides. The shell's own way to end it is one of them.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => void (parentPort !== null && signal === 'SIGTERM' && process.exit(0)));
