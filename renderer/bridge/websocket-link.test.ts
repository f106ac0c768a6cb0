import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { engineAddress, entranceKey, isRefused, notLetIn } from './entrance.ts';
import type { Link } from './reconnecting-transport.ts';
import { websocketLink } from './websocket-link.ts';

/** A page at an address, with a shell that answers. */
function pageAt(hash: string, answer: () => Promise<Response> = async () => new Response('the key')) {
  const kept = new Map<string, string>();
  const calls: string[] = [];
  const page = {
    location: { hash, pathname: '/', search: '?theme=dark', protocol: 'http:', host: 'localhost:4000' },
    history: { state: null, replaceState: (_state: unknown, _title: string, to: string) => void calls.push(`address ${to}`) },
    fetch: vi.fn((path: string, request?: { method: string; body: string }) => {
      calls.push(`${request?.method ?? 'GET'} ${path} ${request?.body ?? ''}`.trim());
      return answer();
    }),
    localStorage: {
      getItem: (name: string) => kept.get(name) ?? null,
      setItem: (name: string, value: string) => void kept.set(name, value),
    },
  };
  return { page: page as unknown as Window, location: page.location, calls };
}

describe('the key of a browser', () => {
  it('is had for the code in the address, which is taken out of it first, and is kept', async () => {
    const { page, location, calls } = pageAt('#code=a%2Bb');
    expect(await entranceKey(page)).toBe('the key');
    expect(calls).toEqual(['address /?theme=dark', 'POST /enter a+b']);
    location.hash = '';
    expect(await entranceKey(page)).toBe('the key');
    expect(calls).toHaveLength(2);
  });

  it.each([
    ['refuses the code', async () => new Response('no', { status: 403 })],
    ['is not there', () => Promise.reject(new TypeError('failed to fetch'))],
  ])('is the one that was kept, if any, where the shell %s', async (_how, answer) => {
    const { page } = pageAt('#code=spent', answer);
    expect(await entranceKey(page)).toBeNull();
    page.localStorage.setItem('unroll-key', 'from before');
    expect(await entranceKey(page)).toBe('from before');
  });

  it('stands in the engine’s address, encrypted as the page is', () => {
    const { page, location } = pageAt('');
    expect(engineAddress(page, 'a/b')).toBe('ws://localhost:4000/engine?key=a%2Fb');
    location.protocol = 'https:';
    expect(engineAddress(page, 'k')).toBe('wss://localhost:4000/engine?key=k');
  });

  it('is refused where the shell says so, and not where it is not there', async () => {
    const asked = pageAt('', async () => new Response('', { status: 401 }));
    expect(await isRefused(asked.page, 'a/b')).toBe(true);
    expect(asked.calls).toEqual(['GET /engine?key=a%2Fb']);
    expect(await isRefused(pageAt('', async () => new Response('', { status: 426 })).page, 'k')).toBe(false);
    expect(await isRefused(pageAt('', () => Promise.reject(new TypeError('failed to fetch'))).page, 'k')).toBe(false);
  });
});

class FakeSocket extends EventTarget {
  static readonly OPEN = 1;
  static made: FakeSocket[] = [];
  readyState = 0;
  readonly sent: string[] = [];
  readonly address: string;
  constructor(address: string) {
    super();
    this.address = address;
    FakeSocket.made.push(this);
  }
  send(message: string): void {
    this.sent.push(message);
  }
  end(): void {
    this.readyState = 3;
    this.dispatchEvent(new Event('close'));
  }
}

describe('a link over a WebSocket', () => {
  beforeEach(() => {
    FakeSocket.made = [];
    vi.stubGlobal('WebSocket', FakeSocket);
  });
  afterEach(() => vi.unstubAllGlobals());

  async function open(page: Window) {
    const handlers = { opened: vi.fn<Parameters<Link['open']>[0]['opened']>(), received: vi.fn(), closed: vi.fn() };
    const link = websocketLink(page);
    expect(link.reopens).toBe(false);
    link.open(handlers);
    await vi.waitFor(() => expect(FakeSocket.made.length + handlers.closed.mock.calls.length).toBe(1));
    return { ...handlers, socket: FakeSocket.made[0] };
  }

  it('opens with the key, carries text both ways, and tells of its end without a reason', async () => {
    const { socket, opened, received, closed } = await open(pageAt('#code=c').page);
    expect(socket?.address).toBe('ws://localhost:4000/engine?key=the%20key');
    if (socket === undefined) return;
    socket.readyState = FakeSocket.OPEN;
    socket.dispatchEvent(new Event('open'));
    const [send] = opened.mock.calls[0] ?? [];
    send?.('out');
    socket.dispatchEvent(new MessageEvent('message', { data: 'in' }));
    socket.dispatchEvent(new MessageEvent('message', { data: new ArrayBuffer(2) }));
    expect(socket.sent).toEqual(['out']);
    expect(received.mock.calls).toEqual([['in']]);
    // Between the engine's end and the close event there is nobody to send to.
    socket.readyState = 2;
    send?.('lost');
    expect(socket.sent).toEqual(['out']);
    socket.end();
    expect(closed.mock.calls).toEqual([[]]);
  });

  it.each([
    [401, notLetIn],
    [503, undefined],
  ])('that never opened says why where the shell answers %i', async (status, refusal) => {
    const { page } = pageAt('', async () => new Response('', { status }));
    page.localStorage.setItem('unroll-key', 'old');
    const { socket, opened, closed } = await open(page);
    socket?.end();
    await vi.waitFor(() => expect(closed.mock.calls).toEqual([[refusal]]));
    expect(opened).not.toHaveBeenCalled();
  });

  it('is none for a browser without a key, or one that keeps nothing', async () => {
    expect((await open(pageAt('').page)).closed.mock.calls).toEqual([[notLetIn]]);
    const { page } = pageAt('');
    page.localStorage.getItem = () => {
      throw new Error('storage is switched off');
    };
    expect((await open(page)).closed.mock.calls).toEqual([[notLetIn]]);
    expect(FakeSocket.made).toEqual([]);
  });
});
