import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { protocolVersion } from '../../engine/protocol/envelope.ts';

/** A browser's page and its socket, with the shell at the other end by hand. */
class FakeSocket extends EventTarget {
  static readonly OPEN = 1;
  static opened: FakeSocket[] = [];
  readyState = 0;
  readonly sent: { readonly id: number; readonly method: string; readonly params: unknown }[] = [];
  readonly address: string;
  constructor(address: string) {
    super();
    this.address = address;
    FakeSocket.opened.push(this);
  }
  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }
  accept(): void {
    this.readyState = FakeSocket.OPEN;
    this.dispatchEvent(new Event('open'));
  }
  end(): void {
    this.readyState = 3;
    this.dispatchEvent(new Event('close'));
  }
  say(message: unknown): void {
    this.dispatchEvent(new MessageEvent('message', { data: typeof message === 'string' ? message : JSON.stringify(message) }));
  }
}

const kept = new Map<string, string>();
const fetched = vi.fn<(path: string, options?: object) => Promise<Response>>();
const listeners = new Map<string, () => void>();
const page = {
  location: { hash: '', protocol: 'http:', host: 'localhost:4000', pathname: '/', search: '?a=1' },
  history: { state: null, replaceState: vi.fn() },
  localStorage: {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  },
  fetch: fetched,
  addEventListener: (event: string, listener: () => void) => void listeners.set(event, listener),
};
const hello = {
  version: '1.0.0',
  platform: 'linux',
  home: '/home',
  documents: '/home/documents',
  runs: '/home/runs',
  machine: { kind: 'here', joined: 0 },
  initial: { kind: 'template', name: 'reversal' },
};

beforeEach(() => {
  vi.useFakeTimers();
  vi.resetModules();
  vi.stubGlobal('window', page);
  vi.stubGlobal('WebSocket', FakeSocket);
  vi.stubGlobal('navigator', {});
  kept.clear();
  kept.set('unroll-key', 'k e y');
  page.location.hash = '';
  page.history.replaceState.mockReset();
  FakeSocket.opened = [];
  fetched.mockReset().mockRejectedValue(new TypeError('no network'));
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** The window's engine, started anew. */
async function connect() {
  const bridge = await import('./engine.ts');
  bridge.connectEngine();
  await vi.advanceTimersByTimeAsync(0);
  return bridge;
}
const socket = (): FakeSocket => {
  const last = FakeSocket.opened.at(-1);
  if (last === undefined) throw new Error('no socket was opened');
  return last;
};

describe('the window’s engine', () => {
  it('is there once it has answered the greeting; each time again with a new number', async () => {
    const { useConnection, engine } = await connect();
    expect(socket().address).toBe('ws://localhost:4000/engine?key=k%20e%20y');
    expect(useConnection.getState()).toMatchObject({ status: 'connecting', generation: 0, hello: null });
    socket().accept();
    expect(socket().sent).toEqual([{ id: expect.any(Number), method: 'app.hello', params: { protocol: protocolVersion } }]);
    expect(useConnection.getState().status).toBe('connecting');
    socket().say({ id: socket().sent[0]?.id, ok: true, result: hello });
    await vi.advanceTimersByTimeAsync(0);
    expect(useConnection.getState()).toMatchObject({ status: 'open', generation: 1, hello, refusal: null });

    const lost = expect(engine.call('document.recent', {})).rejects.toMatchObject({ failure: { code: 'engine-crashed' } });
    socket().end();
    await lost;
    expect(useConnection.getState().status).toBe('lost');
    await vi.advanceTimersByTimeAsync(250);
    expect(FakeSocket.opened).toHaveLength(2);
    socket().accept();
    socket().say({ id: socket().sent[0]?.id, ok: true, result: hello });
    await vi.advanceTimersByTimeAsync(0);
    expect(useConnection.getState()).toMatchObject({ status: 'open', generation: 2 });
  });

  it('that goes to another machine is another one: what panels show is loaded again', async () => {
    const { useConnection } = await connect();
    const { farHost } = await import('./machine.ts');
    socket().accept();
    socket().say({ id: socket().sent[0]?.id, ok: true, result: hello });
    await vi.advanceTimersByTimeAsync(0);
    const far = { host: 'gpu-box', hostname: 'gpu', platform: 'linux', home: '/h', documents: '/d' };
    const tell = (state: object) => socket().say({ event: 'machine.state', data: { state } });
    tell({ kind: 'connecting', joined: 0, host: 'gpu-box', step: 'Connecting' });
    expect(useConnection.getState().generation).toBe(1);
    expect(farHost()).toBeNull();
    tell({ kind: 'there', joined: 1, ...far });
    expect(useConnection.getState()).toMatchObject({ status: 'open', generation: 2 });
    expect(farHost()).toBe('gpu-box');
    // A connection that is lost and found again has lost nothing.
    tell({ kind: 'away', joined: 1, ...far, failure: null, next: 1 });
    tell({ kind: 'there', joined: 1, ...far });
    expect(useConnection.getState().generation).toBe(2);
    tell({ kind: 'here', joined: 2 });
    expect(useConnection.getState().generation).toBe(3);
  });

  it('that speaks another version says so, and why', async () => {
    const { useConnection, failureOf } = await connect();
    socket().accept();
    const error = { code: 'other-version', message: 'This window is older than the engine.' };
    socket().say({ id: socket().sent[0]?.id, ok: false, error });
    await vi.advanceTimersByTimeAsync(0);
    expect(useConnection.getState()).toMatchObject({ status: 'lost', refusal: error, generation: 0 });
    expect(failureOf(new Error('words'))).toEqual({ code: 'unexpected', message: 'words' });
    expect(failureOf('words')).toEqual({ code: 'unexpected', message: 'words' });
  });

  it('that ends while it is greeted is tried again', async () => {
    const { useConnection } = await connect();
    socket().accept();
    socket().end();
    await vi.advanceTimersByTimeAsync(0);
    expect(useConnection.getState()).toMatchObject({ status: 'lost', generation: 0 });
    await vi.advanceTimersByTimeAsync(250);
    expect(FakeSocket.opened).toHaveLength(2);
  });

  it('is sent nothing over a socket that is closing; the call fails when it is closed', async () => {
    const { engine } = await connect();
    socket().accept();
    const sent = socket().sent.length;
    socket().readyState = 2;
    const lost = expect(engine.call('document.recent', {})).rejects.toMatchObject({ failure: { code: 'engine-crashed' } });
    expect(socket().sent).toHaveLength(sent);
    socket().end();
    await lost;
  });
});

describe('a browser that is not let in', () => {
  it('is told so, and let in by an address with a code, which leaves the address at once', async () => {
    kept.clear();
    const { useConnection } = await connect();
    expect(useConnection.getState()).toMatchObject({ status: 'lost', refusal: { code: 'not-let-in' } });
    expect(FakeSocket.opened).toEqual([]);

    page.location.hash = '#code=abc';
    fetched.mockResolvedValue(new Response('fresh'));
    listeners.get('hashchange')?.();
    await vi.advanceTimersByTimeAsync(0);
    expect(fetched.mock.calls).toEqual([['/enter', { method: 'POST', body: 'abc' }]]);
    expect(page.history.replaceState).toHaveBeenCalledWith(null, '', '/?a=1');
    expect(kept.get('unroll-key')).toBe('fresh');
    expect(socket().address).toContain('key=fresh');
  });

  it('keeps the key that it has where a code is spent or the shell is away', async () => {
    page.location.hash = '#code=spent';
    fetched.mockResolvedValueOnce(new Response('no', { status: 401 }));
    await connect();
    expect(socket().address).toContain('key=k%20e%20y');
    socket().end();
    fetched.mockRejectedValue(new TypeError('no network'));
    await vi.advanceTimersByTimeAsync(250);
    expect(socket().address).toContain('key=k%20e%20y');
    expect(kept.get('unroll-key')).toBe('k e y');
  });

  it.each([
    [401, 'not-let-in'],
    [426, undefined],
    [null, undefined],
  ])('is told apart from an engine that starts: %s', async (status, code) => {
    const { useConnection } = await connect();
    if (status === null) fetched.mockRejectedValue(new TypeError('no network'));
    else fetched.mockResolvedValue(new Response('', { status }));
    socket().end();
    await vi.advanceTimersByTimeAsync(0);
    expect(fetched.mock.calls).toEqual([['/engine?key=k%20e%20y']]);
    expect(useConnection.getState().status).toBe('lost');
    expect(useConnection.getState().refusal?.code).toBe(code);
  });

  it('reaches a page that came over TLS over TLS', async () => {
    page.location.protocol = 'https:';
    await connect();
    expect(socket().address).toMatch(/^wss:/);
    page.location.protocol = 'http:';
  });
});
