import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { Random } from '../../engine/random.ts';
import { hostileBytes, hostileConnection } from './hostile-requests.ts';

/** An engine with a run: it counts on, and tells how far it is and what it was sent. */
const countingEngine = `
let step = 0, messages = 0;
setInterval(() => step++, 5);
process.on('message', (m) => {
  if (m.kind !== 'message') return;
  messages++;
  process.send({ kind: 'message', window: m.window, text: JSON.stringify({ pid: process.pid, step, messages }) });
});
// As the engine does: the shell is killed.
process.on('disconnect', () => process.exit());
process.send({ kind: 'ready' });
`;

const folder = mkdtempSync(join(tmpdir(), 'unroll-hostile-'));
let shell: ChildProcess;
let address: URL;
let letIn: { readonly key: string; readonly cookie: string };
let complaints = '';

/** The shell as a process of its own: what would end it ends it here too. */
beforeAll(async () => {
  writeFileSync(join(folder, 'index.html'), '<title>window</title>');
  writeFileSync(join(folder, 'engine.mjs'), countingEngine);
  const host = pathToFileURL(join(import.meta.dirname, 'host.ts')).href;
  const options = { port: 0, renderer: folder, engine: join(folder, 'engine.mjs'), environment: {} };
  writeFileSync(
    join(folder, 'shell.mjs'),
    `import { startHost } from ${JSON.stringify(host)};
const host = await startHost(${JSON.stringify(options)});
host.engine.once('ready', () => process.send(host.address));`,
  );
  shell = fork(join(folder, 'shell.mjs'), {
    execArgv: ['--import', import.meta.resolve('tsx')],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  shell.stderr?.on('data', (data: Buffer) => {
    complaints += data.toString();
  });
  address = await new Promise((resolve, reject) => {
    shell.once('message', (text) => resolve(new URL(String(text))));
    shell.once('exit', (code) => reject(new Error(`the shell ended with code ${code}: ${complaints}`)));
  });
  const code = new URLSearchParams(address.hash.slice(1)).get('code') ?? '';
  const answer = await fetch(`${address.origin}/enter`, { method: 'POST', body: code, headers: { Origin: address.origin } });
  letIn = { key: await answer.text(), cookie: answer.headers.get('set-cookie')?.split(';')[0] ?? '' };
});
afterAll(() => {
  shell.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

async function askEngine(): Promise<{ pid: number; step: number; messages: number }> {
  const headers = { Cookie: letIn.cookie };
  const socket = new WebSocket(`ws://${address.host}/engine?key=${letIn.key}`, { origin: address.origin, headers });
  const answer = await new Promise<string>((resolve, reject) => {
    socket.on('open', () => socket.send('how far?'));
    socket.on('message', (data) => resolve(data.toString()));
    socket.on('error', reject);
    socket.on('unexpected-response', (_request, { statusCode }) => reject(new Error(`refused with ${statusCode}`)));
  });
  socket.close();
  return JSON.parse(answer);
}

it('serves on after 10,000 hostile requests, and the run of its engine goes on', async () => {
  const port = Number(address.port);
  const before = await askEngine();
  const numbers = new Random(2026);
  const random = (): number => numbers.uniform();
  const target = { port, enginePath: `/engine?key=${letIn.key}`, letIn: [`Cookie: ${letIn.cookie}`] };
  for (let sent = 0; sent < 10_000; sent += 50) {
    await Promise.all(Array.from({ length: 50 }, () => hostileConnection(port, hostileBytes(random, target), random)));
    if (shell.exitCode !== null || shell.signalCode !== null) throw new Error(`ended after ${sent}: ${complaints}`);
  }
  const page = await fetch(address.origin, { signal: AbortSignal.timeout(10_000) });
  expect(page.status).toBe(200);
  expect(await page.text()).toContain('window');
  const after = await askEngine();
  expect(after.pid).toBe(before.pid);
  expect(after.step).toBeGreaterThan(before.step);
  expect(complaints).not.toMatch(/could not be answered|The engine ended/);
}, 120_000);
