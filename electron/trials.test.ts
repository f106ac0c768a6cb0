import { type ChildProcess, fork } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it, vi } from 'vitest';
import { startByShell } from '../engine/sweep/start-trial-process.ts';
import type { FromTrial, ToTrial } from '../engine/sweep/trial-messages.ts';
import { serveTrials } from './trials.ts';

/*
 * Both ends of a trial's process, joined as Electron joins them, round real processes: Node takes the place of Electron's utility process.
 */
const scratch = mkdtempSync(join(tmpdir(), 'unroll-trials-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** What the process does in place of training: it tells what it was told, and ends as it is asked to. */
const script = join(scratch, 'trial.mjs');
writeFileSync(
  script,
  `import { writeFileSync } from 'node:fs';
process.on('message', (message) => {
  if (message.kind === 'native-check-ended') return;
  if (message.kind === 'end') {
    writeFileSync(${JSON.stringify(scratch)} + '/' + process.pid, message.how);
    process.send({ kind: 'ended', summary: { threads: process.env.UNROLL_THREADS, how: message.how } });
    return;
  }
  process.send({ kind: 'check-native', id: 1, binding: 'x', ops: null });
  process.send({ kind: 'event', event: 'run.progress', data: message.task });
  if (message.task === 'crashes') process.stderr.write('no more memory', () => process.exit(7));
});
setInterval(() => undefined, 1000); // As in Electron, the process outlives its script.
`,
);

function joined() {
  const engine = new EventEmitter();
  const parent = new EventEmitter();
  const children: ChildProcess[] = [];
  const later = (work: () => unknown): void => queueMicrotask(() => void work());
  serveTrials(
    Object.assign(engine, {
      postMessage: (data: unknown) => later(() => parent.emit('message', { data: structuredClone(data), ports: [] })),
    }),
    (environment) => {
      const child = fork(script, [], {
        stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
        execArgv: [],
        env: { ...process.env, ...environment },
      });
      children.push(child);
      return Object.assign(child, { postMessage: (said: unknown) => void child.send(said as object) });
    },
  );
  const shell = Object.assign(parent, {
    postMessage: (data: unknown) => later(() => engine.emit('message', structuredClone(data))),
  });
  const start = startByShell(shell);
  return {
    children,
    engineEnds: () => engine.emit('exit'),
    begin(task: string) {
      const heard: FromTrial[] = [];
      const ended = vi.fn();
      const trial = start(3, { heard: (message) => heard.push(message), ended });
      trial.say({ kind: 'train', root: '/', task } as unknown as ToTrial);
      return { trial, heard, ended };
    },
  };
}

it('carries what engine and trials say to each other, each its own, and ends a process that has said its last', async () => {
  const { begin, children } = joined();
  const [one, other] = [begin('one'), begin('other')];
  await vi.waitFor(() => expect([one.heard, other.heard].map(({ length }) => length)).toEqual([1, 1]), 20_000);
  expect([one.heard[0], other.heard[0]]).toMatchObject([{ data: 'one' }, { data: 'other' }]);
  one.trial.say({ kind: 'end', how: 'stopped' });
  await vi.waitFor(() => expect(one.ended).toHaveBeenCalledTimes(1), 20_000);
  expect(one.heard.slice(1)).toEqual([{ kind: 'ended', summary: { threads: '3', how: 'stopped' } }]);
  expect(other.ended).not.toHaveBeenCalled();
  children[1]?.kill('SIGKILL');
  await vi.waitFor(() => expect(other.ended).toHaveBeenCalledTimes(1), 20_000);
  expect(other.heard).toHaveLength(1);
});

it('tells how a process ended by itself, with what it wrote', async () => {
  const { ended } = joined().begin('crashes');
  await vi.waitFor(() => expect(ended).toHaveBeenCalledWith('ended with 7', 'no more memory'), 20_000);
});

it('has trials save and end when the engine is gone', async () => {
  const { begin, children, engineEnds } = joined();
  const { heard } = begin('goes on');
  await vi.waitFor(() => expect(heard).toHaveLength(1), 20_000);
  const [child] = children;
  engineEnds();
  await new Promise((resolve) => child?.once('exit', resolve));
  const said = join(scratch, String(child?.pid));
  expect(existsSync(said) && readFileSync(said, 'utf8')).toBe('paused');
  expect(heard).toHaveLength(1);
});
