import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EngineClient } from './engine-client.ts';
import { type Link, ReconnectingTransport } from './reconnecting-transport.ts';

type Handlers = Parameters<Link['open']>[0];

/** A link whose ends are opened and closed by hand. */
class FakeLink implements Link {
  readonly attempts: Handlers[] = [];
  readonly sent: string[] = [];
  readonly reopens: boolean;
  constructor(reopens = false) {
    this.reopens = reopens;
  }
  open(handlers: Handlers): void {
    this.attempts.push(handlers);
  }
  get last(): Handlers {
    const handlers = this.attempts.at(-1);
    if (handlers === undefined) throw new Error('nothing was opened');
    return handlers;
  }
  accept(): void {
    this.last.opened((message) => void this.sent.push(message));
  }
}

let link: FakeLink;
let transport: ReconnectingTransport;
const status = vi.fn();

beforeEach(() => {
  vi.useFakeTimers();
  status.mockReset();
  link = new FakeLink();
  transport = new ReconnectingTransport();
  transport.onStatus(status);
});
afterEach(() => vi.useRealTimers());

describe('a connection to the engine', () => {
  it('holds messages until it is open, and then sends them in order and before new ones', () => {
    transport.send('early');
    transport.start(link);
    transport.send('second');
    expect(link.sent).toEqual([]);
    link.accept();
    transport.send('third');
    expect(link.sent).toEqual(['early', 'second', 'third']);
    expect(status.mock.calls).toEqual([['open', null]]);
  });

  it('is tried again after 0.25 s, then after twice as long each time, up to 5 s; and after 0.25 s again once it was open', () => {
    transport.start(link);
    const waits: number[] = [];
    const wait = (): void => {
      const before = link.attempts.length;
      link.last.closed();
      let ms = 0;
      for (; link.attempts.length === before && ms < 60_000; ms += 50) vi.advanceTimersByTime(50);
      waits.push(ms);
    };
    for (let n = 0; n < 7; n++) wait();
    expect(waits).toEqual([250, 500, 1000, 2000, 4000, 5000, 5000]);
    link.accept();
    waits.length = 0;
    wait();
    wait();
    expect(waits).toEqual([250, 500]);
  });

  it('tells why it was refused, until it is open', () => {
    const refusal = { code: 'not-let-in', message: 'This browser is not let in.' };
    transport.start(link);
    link.last.closed(refusal);
    vi.advanceTimersByTime(250);
    link.last.closed();
    vi.advanceTimersByTime(500);
    link.accept();
    expect(status.mock.calls).toEqual([
      ['lost', refusal],
      ['lost', null],
      ['open', null],
    ]);
  });

  it('is tried at once when the user asks for it, and then not a second time', () => {
    transport.retry();
    transport.start(link);
    transport.retry();
    expect(link.attempts).toHaveLength(1);
    link.last.closed();
    transport.retry();
    transport.retry();
    expect(link.attempts).toHaveLength(2);
    vi.advanceTimersByTime(60_000);
    expect(link.attempts).toHaveLength(2);
    link.accept();
    transport.retry();
    expect(link.attempts).toHaveLength(2);
  });

  it('that opens by itself is not opened again', () => {
    const own = new FakeLink(true);
    transport.start(own);
    own.accept();
    own.last.closed();
    vi.advanceTimersByTime(60_000);
    expect(own.attempts).toHaveLength(1);
    transport.send('meanwhile');
    own.accept();
    expect(own.sent).toEqual(['meanwhile']);
  });
});

describe('calls over it', () => {
  const call = (client: EngineClient) => client.call('document.recent', {});
  const answer = (index: number) => {
    const { id } = JSON.parse(link.sent[index] ?? '') as { id: number };
    link.last.received(JSON.stringify({ id, ok: true, result: { paths: [`of ${index}`] } }));
  };

  it('fail when the engine ends, and are not sent to the next one; those made meanwhile are', async () => {
    const client = new EngineClient(transport);
    transport.start(link);
    link.accept();
    const lost = call(client);
    const failed = expect(lost).rejects.toMatchObject({ failure: { code: 'engine-crashed' } });
    link.last.closed();
    await failed;
    const meanwhile = call(client);
    vi.advanceTimersByTime(250);
    // The first attempt fails: what waits goes on waiting.
    link.last.closed();
    vi.advanceTimersByTime(500);
    link.accept();
    expect(link.sent).toHaveLength(2);
    answer(1);
    expect(await meanwhile).toEqual({ paths: ['of 1'] });
  });

  it('reach every listener of messages and of the end', () => {
    const [message, close] = [vi.fn(), vi.fn()];
    transport.onMessage(message);
    transport.onClose(close);
    transport.start(link);
    // Closed before it was open: nobody had been connected.
    link.last.closed();
    expect(close).not.toHaveBeenCalled();
    vi.advanceTimersByTime(250);
    link.accept();
    link.last.received('text');
    link.last.closed();
    expect(message.mock.calls).toEqual([['text']]);
    expect(close).toHaveBeenCalledTimes(1);
  });
});
