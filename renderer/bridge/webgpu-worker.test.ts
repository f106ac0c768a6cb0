import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { FromWorker } from '../../engine/protocol/worker-messages.ts';
import type { EngineClient } from './engine-client.ts';

beforeEach(() => void vi.resetModules());
afterEach(() => void vi.unstubAllGlobals());

/** A window lends its WebGPU once: each test has a window of its own. */
const lendWebGpu = async (client: object): Promise<void> =>
  (await import('./webgpu-worker.ts')).lendWebGpu(client as EngineClient);

/** A window in which WebGPU finds this adapter. @returns what is asked of `Worker` */
function windowWith(adapter: object | null, worker: object) {
  const started = vi.fn();
  vi.stubGlobal('navigator', { gpu: { requestAdapter: () => Promise.resolve(adapter) } });
  vi.stubGlobal('addEventListener', vi.fn());
  vi.stubGlobal('Worker', function Worker() {
    started();
    return worker;
  });
  return started;
}

const device = {
  backend: 'webgpu',
  available: true,
  reason: null,
  description: 'WebGPU',
  selfCheckError: 0,
  tokensPerSecond: null,
} as const;

it('takes a run that was offered before the worker told the end of the one before', async () => {
  const worker = { onmessage: (_event: { readonly data: FromWorker }): void => undefined, postMessage: vi.fn() };
  windowWith({ info: {} }, worker);

  // An engine as in `engine/worker`: it offers what no window has claimed, at once and to whoever is ready.
  const unclaimed = new Set<string>();
  const hears = new Map<string, (data: { readonly job: string }) => void>();
  const offer = (): void => {
    for (const job of unclaimed) hears.get('worker.start')?.({ job });
  };
  const client = {
    on: (event: string, heard: (data: { readonly job: string }) => void) => hears.set(event, heard),
    call: async (method: string, { job }: { readonly job?: string }) => {
      if (method === 'worker.ready') offer();
      return { bytes: method === 'worker.claim' && unclaimed.delete(job ?? '') ? 1 : null };
    },
  };
  const start = (job: string): void => {
    unclaimed.add(job);
    offer();
  };
  const trained = (): unknown[] =>
    worker.postMessage.mock.calls.flatMap(([message]) => (message.kind === 'train' ? [message.job] : []));

  await lendWebGpu(client);
  await vi.waitFor(() => expect(worker.postMessage).toHaveBeenCalledWith({ kind: 'probe' }));
  worker.onmessage({ data: { kind: 'device', device } });
  start('first');
  await vi.waitFor(() => expect(trained()).toEqual(['first']));
  start('second');
  expect(trained()).toEqual(['first']);
  worker.onmessage({ data: { kind: 'ended', job: 'first' } });
  await vi.waitFor(() => expect(trained()).toEqual(['first', 'second']));
});

it('starts no worker where there is no graphics adapter, and says so again after each connection', async () => {
  const started = windowWith(null, {});
  const call = vi.fn(() => Promise.resolve({}));
  const client = { on: vi.fn(), call };
  await lendWebGpu(client);
  const said = [
    'worker.ready',
    { device: expect.objectContaining({ available: false, reason: 'WebGPU found no graphics adapter.' }) },
  ];
  await vi.waitFor(() => expect(call.mock.calls).toEqual([said]));
  await lendWebGpu(client);
  expect(call.mock.calls).toEqual([said, said]);
  expect(started).not.toHaveBeenCalled();
});
