import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { findTemplate } from '../../templates/registry.ts';
import { buildProgram } from '../cli/built.test-support.ts';
import { acquireLock } from '../files/lock.ts';
import { fromEngine } from '../protocol/envelope.ts';
import { failureOf } from '../protocol/failure-of.test-support.ts';
import type { MachineState } from '../protocol/machine.ts';
import type { MetricEvent } from '../protocol/runs.ts';
import { type FarProgram, farProgram } from './far-program.test-support.ts';
import { Machines } from './machines.ts';
import { bringExport, sendFiles } from './send-files.ts';
import { servePlace } from './serve-place.ts';

let far: FarProgram;
beforeAll(() => {
  buildProgram();
  far = farProgram();
});
afterAll(() => far.end());

/** A window of the near engine: what it asks is carried away, and what it is told is kept. */
function openWindow(machines: Machines) {
  const told: ReturnType<typeof fromEngine.parse>[] = [];
  const listen = (text: string): void => void told.push(fromEngine.parse(JSON.parse(text)));
  let next = 1;
  const ask = async (method: string, params: unknown): Promise<unknown> => {
    const id = next++;
    expect(machines.carry(JSON.stringify({ id, method, params }), listen)).toBe(true);
    return vi.waitUntil(() => told.find((message) => 'id' in message && message.id === id), { timeout: 60_000, interval: 20 });
  };
  const metrics = (run: string): MetricEvent[] =>
    told.flatMap((message) => {
      if (!('event' in message) || message.event !== 'run.metrics') return [];
      const data = message.data as { run: string; events: MetricEvent[] };
      return data.run === run ? data.events : [];
    });
  return { told, ask, listen, metrics };
}

const quick = { first: 50, longest: 200 };
const result = (reply: unknown): Record<string, unknown> => {
  expect(reply).toMatchObject({ ok: true });
  return (reply as { result: Record<string, unknown> }).result;
};

describe('an engine elsewhere', () => {
  it('answers, trains while the connection is gone, and no event of it is lost', { timeout: 240_000 }, async () => {
    const states: MachineState[] = [];
    const machines = new Machines({ tell: (state) => states.push(state), reach: far.reach, pauses: quick });
    const window = openWindow(machines);
    expect(machines.carry(JSON.stringify({ id: 0, method: 'runs.list', params: {} }), window.listen)).toBe(false);
    const state = await machines.connect('far');
    expect(state).toMatchObject({ kind: 'there', host: 'far', home: far.home });
    expect(machines.carry(JSON.stringify({ id: 0, method: 'document.recent', params: {} }), window.listen)).toBe(false);
    expect(
      machines.carry(JSON.stringify({ id: 0, method: 'files.list', params: { directory: '/', here: true } }), window.listen),
    ).toBe(false);
    expect(statSync(join(far.home, 'serve')).mode & 0o777).toBe(0o700);
    const socket = readdirSync(join(far.home, 'serve')).find((name) => name.endsWith('.sock')) ?? '';
    expect(statSync(join(far.home, 'serve', socket)).mode & 0o777).toBe(0o600);

    const template = findTemplate('syllables').document();
    const training = { ...template.training, device: 'wasm', epochs: 400, batchSize: 16, earlyStoppingPatience: null };
    const data = template.data && { ...template.data, limit: 3000 };
    const started = result(await window.ask('training.start', { document: { ...template, data, training } }));
    const run = String(started['id']);
    await vi.waitUntil(() => window.metrics(run).length > 0, { timeout: 60_000 });
    const before = far.ask('serve', '--status');
    expect(before).toMatchObject({ running: true, training: true, connected: 1 });

    // The pipe is cut twice while it trains; what is asked meanwhile waits.
    far.cut();
    await vi.waitUntil(() => machines.state.kind === 'away', { timeout: 20_000 });
    const waiting = window.ask('runs.get', { run });
    await vi.waitUntil(() => machines.state.kind === 'there', { timeout: 20_000 });
    expect(result(await waiting)).toMatchObject({ summary: { id: run } });
    far.cut();
    await vi.waitUntil(() => machines.state.kind === 'there' && far.reached === 3, { timeout: 20_000 });
    expect(far.ask('serve', '--status')).toMatchObject({ pid: before['pid'] });
    expect(machines.state.joined).toBe(state.joined);

    await vi.waitUntil(() => window.metrics(run).some(({ split }) => split === 'validation'), { timeout: 120_000 });
    result(await window.ask('training.stop', { run }));
    await vi.waitUntil(
      () =>
        window.told.some((m) => 'event' in m && m.event === 'run.progress' && /"status":"stopped"/.test(JSON.stringify(m.data))),
      { timeout: 120_000 },
    );
    const written = readFileSync(join(far.home, 'runs', run, 'metrics.jsonl'), 'utf8')
      .trim()
      .split('\n');
    const heard = window.metrics(run);
    expect(heard.length).toBe(written.length);
    expect(heard.map(({ step, split }) => `${step} ${split}`)).toEqual(
      written.map((line) => JSON.parse(line) as MetricEvent).map(({ step, split }) => `${step} ${split}`),
    );

    // What was trained there is exported here.
    const files = await bringExport(machines, run, 'pytorch');
    expect([...files.keys()]).toContain('model.py');
    expect(files.get('model.safetensors')?.length).toBeGreaterThan(1000);
    machines.disconnect();
    expect(machines.state).toMatchObject({ kind: 'here' });
    expect(machines.state.joined).toBeGreaterThan(state.joined);
    expect(states.map(({ kind }) => kind)).toContain('connecting');
  });

  it('takes files, once each, and nothing outside of their folder', async () => {
    const machines = new Machines({ tell: () => undefined, reach: far.reach, pauses: quick });
    const window = openWindow(machines);
    await machines.connect('far');
    const folder = mkdtempSync(join(tmpdir(), 'unroll-near-'));
    const content = Buffer.alloc(2_500_000, 'word,1\n');
    writeFileSync(join(folder, 'words.csv'), content);
    const fractions: number[] = [];
    const sending = {
      signal: new AbortController().signal,
      progress: (_name: string, fraction: number) => fractions.push(fraction),
    };
    const words = { path: join(folder, 'words.csv'), name: 'words.csv', bytes: content.length, modified: 1 };
    const [path = ''] = await sendFiles(machines, [words], sending);
    expect(path.startsWith(join(far.home, 'sent'))).toBe(true);
    expect(readFileSync(path).equals(content)).toBe(true);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(fractions.length).toBe(4);
    expect(await sendFiles(machines, [words], sending)).toEqual([path]);
    expect(fractions.length).toBe(5);
    // Each in its place; one that has changed is another sending.
    const many = Array.from({ length: 20 }, (_, i) => {
      const name = `clips ${i % 3}/${i}.csv`;
      writeFileSync(join(folder, `${i}.csv`), `clip ${i}`);
      return { path: join(folder, `${i}.csv`), name, bytes: `clip ${i}`.length, modified: 2 };
    });
    const sent = await sendFiles(machines, [words, ...many], sending);
    expect(sent).toEqual(['words.csv', ...many.map(({ name }) => name)].map((name) => join(dirname(sent[0] ?? ''), name)));
    expect(sent[0]).not.toBe(path);
    expect(sent.slice(1).map((one) => readFileSync(one, 'utf8'))).toEqual(many.map((_, i) => `clip ${i}`));
    const gone = { ...words, path: join(folder, 'gone.csv'), name: 'gone.csv' };
    expect(await failureOf(sendFiles(machines, [...many, gone], sending))).toMatchObject({ code: 'file-not-found' });

    for (const name of ['../words.csv', '/etc/words', '.hidden', 'a/../b', 'a//b', 'a/', 'a\\b', ''])
      expect(await window.ask('transfer.begin', { batch: 'abcdefgh', name, bytes: 1 })).toMatchObject({
        ok: false,
        error: { code: 'bad-request' },
      });
    const begun = result(await window.ask('transfer.begin', { batch: 'abcdefgh', name: 'short.csv', bytes: 4 }));
    expect(await window.ask('transfer.end', { id: begun['id'] })).toMatchObject({ ok: false, error: { code: 'file-changed' } });
    expect(existsSync(join(far.home, 'sent', 'abcdefgh', 'short.csv'))).toBe(false);
    machines.disconnect();
    rmSync(folder, { recursive: true, force: true });
  });

  it('that was started anew while the connection was away says so, and the windows begin anew', async () => {
    const machines = new Machines({ tell: () => undefined, reach: far.reach, pauses: { first: 1500, longest: 1500 } });
    const window = openWindow(machines);
    const { joined } = await machines.connect('far');
    result(await window.ask('runs.list', {}));
    far.cut();
    await vi.waitUntil(() => machines.state.kind === 'away', { timeout: 20_000 });
    const lost = window.ask('runs.list', {});
    expect(far.ask('serve', '--stop')).toMatchObject({ stopped: true });
    machines.retry();
    expect(await lost).toMatchObject({ ok: false, error: { code: 'far-engine-ended' } });
    expect(machines.state).toMatchObject({ kind: 'there', joined: joined + 1 });
    result(await window.ask('runs.list', {}));
    machines.disconnect();
  });

  it('that has closed its socket and not ended yet is waited for, and another one is started', async () => {
    far.ask('serve', '--stop');
    const ending = await acquireLock((await servePlace(far.home)).lock);
    if ('heldBy' in ending) throw new Error(`an engine lives: ${ending.heldBy.pid}`);
    const machines = new Machines({ tell: () => undefined, reach: far.reach });
    const connected = machines.connect('far');
    await new Promise((resolve) => setTimeout(resolve, 4000));
    expect(machines.state.kind).toBe('connecting');
    await ending.release();
    expect(await connected).toMatchObject({ kind: 'there' });
    machines.disconnect();
  });
});
