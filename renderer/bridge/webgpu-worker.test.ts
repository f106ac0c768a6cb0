import { afterEach, expect, it, vi } from 'vitest';
import type { FromWorker } from '../../engine/protocol/worker-messages.ts';
import type { EngineClient } from './engine-client.ts';
import { lendWebGpu } from './webgpu-worker.ts';

afterEach(() => void vi.unstubAllGlobals());

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
  vi.stubGlobal('navigator', { gpu: {} });
  vi.stubGlobal('addEventListener', vi.fn());
  vi.stubGlobal('Worker', function Worker() {
    return worker;
  });

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

  lendWebGpu(client as unknown as EngineClient);
  worker.onmessage({ data: { kind: 'device', device } });
  start('first');
  await vi.waitFor(() => expect(trained()).toEqual(['first']));
  start('second');
  expect(trained()).toEqual(['first']);
  worker.onmessage({ data: { kind: 'ended', job: 'first' } });
  await vi.waitFor(() => expect(trained()).toEqual(['first', 'second']));
});
