import { fork } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { checkInShell } from '../engine/links/native-check.ts';
import { serveNativeChecks } from './native-check.ts';

/*
 * Both ends of a check of a native library, joined as Electron joins them, round real processes: Node takes the place of Electron's
 * utility process.
 */
const scratch = mkdtempSync(join(tmpdir(), 'unroll-check-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** What the check's process does, in place of loading a library. */
const script = join(scratch, 'check.mjs');
writeFileSync(
  script,
  `const [, , binding, ops] = process.argv;
console.log('loading', binding, ops ?? 'no kernels');
if (binding === 'crashes') process.kill(process.pid, 'SIGKILL');
else if (binding === 'ends') process.exit(7);
else if (binding === 'hangs') setInterval(() => undefined, 1000);
else setTimeout(() => process.send({ ok: binding === 'works', text: binding === 'works' ? '{"verified":true}' : 'wrong machine' }), 50);
setInterval(() => undefined, 1000); // As in Electron, the process outlives its script.
`,
);

function joined() {
  const engine = new EventEmitter();
  const parent = new EventEmitter();
  const children: ReturnType<typeof fork>[] = [];
  const shell = Object.assign(engine, {
    postMessage: (message: unknown) =>
      void queueMicrotask(() => parent.emit('message', { data: structuredClone(message), ports: [] })),
  });
  serveNativeChecks(shell, (args) => {
    const child = fork(script, [...args], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], execArgv: [] });
    children.push(child);
    return child;
  });
  const toShell = Object.assign(parent, {
    postMessage: (message: unknown) => void queueMicrotask(() => engine.emit('message', structuredClone(message))),
  });
  return { toShell, engine, children };
}

const gone = (child: ReturnType<typeof fork> | undefined): boolean => child?.exitCode !== null || child.signalCode !== null;

describe('a native library is loaded for the first time in a process of its own, which the shell starts', () => {
  it('a library that works is reported with what its check printed, and the process ends', async () => {
    const { toShell, children } = joined();
    const result = await checkInShell(toShell, { binding: 'works', ops: 'kernels.node' });
    expect(result).toMatchObject({ ok: true, ending: 'passed' });
    expect(result.output).toContain('loading works kernels.node');
    expect(result.output.split('\n')).toContain('{"verified":true}');
    expect(gone(children[0])).toBe(true);
  });

  it('a library that computes wrong is reported with the reason', async () => {
    const result = await checkInShell(joined().toShell, { binding: 'wrong', ops: null });
    expect(result).toMatchObject({ ok: false, ending: 'failed' });
    expect(result.output).toContain('loading wrong no kernels');
    expect(result.output).toContain('wrong machine');
  });

  it('a library that ends its process is a failed check, and nothing more', async () => {
    const { toShell } = joined();
    expect(await checkInShell(toShell, { binding: 'crashes', ops: null })).toMatchObject({ ok: false });
    expect(await checkInShell(toShell, { binding: 'ends', ops: null })).toMatchObject({ ok: false, ending: 'ended with code 7' });
    expect(await checkInShell(toShell, { binding: 'works', ops: null })).toMatchObject({ ok: true });
  });

  it('two at once are told apart, and a cancelled one is ended', async () => {
    const { toShell, children } = joined();
    const control = new AbortController();
    const hanging = checkInShell(toShell, { binding: 'hangs', ops: null }, control.signal);
    const working = checkInShell(toShell, { binding: 'works', ops: null });
    expect(await working).toMatchObject({ ok: true });
    control.abort(new Error('given up'));
    await expect(hanging).rejects.toThrow('given up');
    expect(gone(children[0])).toBe(true);
  });

  it('an engine that ends takes its checks with it', async () => {
    const { toShell, engine, children } = joined();
    void checkInShell(toShell, { binding: 'hangs', ops: null });
    await expect.poll(() => children.length).toBe(1);
    const ended = new Promise((resolve) => children[0]?.once('exit', resolve));
    engine.emit('exit', 1);
    await ended;
  });

  it('what is no request starts nothing', async () => {
    const { engine, children } = joined();
    for (const message of [
      null,
      'check',
      { kind: 'check-native' },
      { kind: 'check-native', id: 1, binding: 'works', ops: null, script: '/bin/sh' },
    ])
      engine.emit('message', message);
    expect(children).toEqual([]);
  });
});
