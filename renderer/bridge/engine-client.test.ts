import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { EngineClient, EngineError, type Transport } from './engine-client.ts';
import { FramePace } from './frame-pace.ts';

/** The other side by hand: what was sent, and answers in any order. */
class FakeTransport implements Transport {
  readonly sent: { readonly id: number; readonly method: string; readonly params: unknown }[] = [];
  message: (text: string) => void = () => undefined;
  close: () => void = () => undefined;

  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }
  onMessage(listener: (text: string) => void): void {
    this.message = listener;
  }
  onClose(listener: () => void): void {
    this.close = listener;
  }
  answer(index: number, result: unknown): void {
    this.message(JSON.stringify({ id: this.sent[index]?.id, ok: true, result }));
  }
  refuse(index: number, error: object): void {
    this.message(JSON.stringify({ id: this.sent[index]?.id, ok: false, error }));
  }
}

let transport: FakeTransport;
let client: EngineClient;
beforeEach(() => {
  transport = new FakeTransport();
  client = new EngineClient(transport);
});

const recent = () => client.call('document.recent', {});

describe('a call', () => {
  it('gets its own answer, in whatever order they come', async () => {
    const [first, second, third] = [recent(), recent(), client.call('files.list', { directory: '/a' })];
    expect(transport.sent.map(({ method, params }) => [method, params])).toEqual([
      ['document.recent', {}],
      ['document.recent', {}],
      ['files.list', { directory: '/a' }],
    ]);
    expect(new Set(transport.sent.map(({ id }) => id)).size).toBe(3);
    transport.answer(2, { directory: '/a', parent: null, entries: [] });
    transport.answer(1, { paths: ['second'] });
    transport.answer(0, { paths: ['first'] });
    expect(await third).toEqual({ directory: '/a', parent: null, entries: [] });
    expect(await second).toEqual({ paths: ['second'] });
    expect(await first).toEqual({ paths: ['first'] });
  });

  it('that is refused fails with the engine’s words', async () => {
    const call = recent();
    const failure = { code: 'file-not-found', message: 'There is no such file.', hint: 'Choose another.' };
    transport.refuse(0, failure);
    const error = await call.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(EngineError);
    expect(error).toMatchObject({ failure, message: failure.message });
  });

  it('fails on an answer of another shape than the contract has', async () => {
    const call = recent();
    transport.answer(0, { paths: 3 });
    await expect(call).rejects.toThrow(/paths/);
  });

  it('fails at once when the engine ends, with the others that wait; later calls are not touched', async () => {
    const calls = [recent(), recent()];
    const settled = Promise.allSettled(calls);
    transport.close();
    for (const result of await settled) {
      expect(result).toMatchObject({ status: 'rejected', reason: { failure: { code: 'engine-crashed' } } });
    }
    const next = recent();
    // An answer of the engine that ended, and one that nobody waits for.
    transport.answer(0, { paths: ['late'] });
    transport.message(JSON.stringify({ id: 999, ok: true, result: null }));
    transport.message(JSON.stringify({ id: 999, ok: false, error: { code: 'x', message: 'nobody asked' } }));
    transport.answer(2, { paths: ['new'] });
    expect(await next).toEqual({ paths: ['new'] });
  });

  it('is answered once: a second answer to it changes nothing', async () => {
    const call = recent();
    transport.answer(0, { paths: ['one'] });
    transport.refuse(0, { code: 'x', message: 'too late' });
    expect(await call).toEqual({ paths: ['one'] });
  });
});

describe('an event', () => {
  const progress = { step: 'reading', fraction: 0.5, rows: 3 };
  const push = (event: string, data: unknown) => transport.message(JSON.stringify({ event, data }));

  it('reaches each listener until it is taken off, and no other’s', () => {
    const [first, second, other] = [vi.fn(), vi.fn(), vi.fn()];
    const end = client.on('data.progress', first);
    client.on('data.progress', second);
    client.on('run.metrics', other);
    push('data.progress', progress);
    end();
    push('data.progress', progress);
    expect(first.mock.calls).toEqual([[progress]]);
    expect(second).toHaveBeenCalledTimes(2);
    expect(other).not.toHaveBeenCalled();
  });

  it('that this version does not know, or that nobody listens to, is left', () => {
    push('data.progress', progress);
    expect(() => push('moon.phase', {})).not.toThrow();
  });

  it('of another shape reaches nobody', () => {
    const listener = vi.fn();
    client.on('data.progress', listener);
    expect(() => push('data.progress', { ...progress, rows: 'three' })).toThrow();
    expect(listener).not.toHaveBeenCalled();
  });

  it('of a run waits for a frame, and comes before what the engine said after it', async () => {
    vi.stubGlobal('requestAnimationFrame', () => 0);
    vi.stubGlobal('cancelAnimationFrame', () => undefined);
    // What would be shown in a second is not, in whichever test runs then.
    vi.useFakeTimers();
    onTestFinished(() => {
      vi.useRealTimers();
      vi.unstubAllGlobals();
    });
    client = new EngineClient(transport, (tell) => new FramePace(tell));
    const heard: unknown[] = [];
    client.on('run.metrics', ({ run }) => heard.push(run));
    client.on('data.progress', ({ step }) => heard.push(step));
    const metrics = (run: string) => push('run.metrics', { run, events: [] });
    metrics('a');
    metrics('b');
    expect(heard).toEqual([]);
    push('data.progress', progress);
    expect(heard).toEqual(['a', 'b', 'reading']);
    metrics('c');
    const call = recent().then(() => heard.push('answer'));
    transport.answer(0, { paths: [] });
    await call;
    metrics('d');
    transport.close();
    expect(heard).toEqual(['a', 'b', 'reading', 'c', 'answer', 'd']);
  });
});
