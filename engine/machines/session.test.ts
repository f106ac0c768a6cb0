import { describe, expect, it, vi } from 'vitest';
import { Random } from '../random.ts';
import { Session } from './session.ts';

/** Two sides and a connection between them that loses what is under way when it breaks. */
function pair() {
  const heard = { a: [] as string[], b: [] as string[] };
  const a = new Session((message) => heard.a.push(message));
  const b = new Session((message) => heard.b.push(message), a.id);
  let wire: { readonly to: Session; readonly line: string }[] = [];
  const connect = (): void => {
    wire = [];
    a.detach();
    b.detach();
    // As the greetings tell: each says what it has received.
    const [fromA, fromB] = [a.received, b.received];
    expect(a.continues(fromB) && b.continues(fromA)).toBe(true);
    a.attach((line) => wire.push({ to: b, line }), fromB);
    b.attach((line) => wire.push({ to: a, line }), fromA);
  };
  const pass = (count = Number.POSITIVE_INFINITY): void => {
    for (let i = 0; i < count; i++) {
      const next = wire.shift();
      if (next === undefined) return;
      expect(next.to.receive(next.line)).toBe(true);
    }
  };
  return { a, b, heard, connect, pass };
}

describe('a session', () => {
  it('brings each message once and in order, wherever its connections break', () => {
    const random = new Random(7);
    const { a, b, heard, connect, pass } = pair();
    const said = { a: [] as string[], b: [] as string[] };
    connect();
    for (let i = 0; i < 3000; i++) {
      const dice = random.uniform();
      if (dice < 0.3) {
        said.a.push(`a${i} with spaces`);
        a.send(`a${i} with spaces`);
      } else if (dice < 0.6) {
        said.b.push(`b${i}`);
        b.send(`b${i}`);
      } else if (dice < 0.95) pass(Math.floor(random.uniform() * 6));
      else if (dice < 0.97) {
        a.detach();
        b.detach();
      } else connect();
    }
    connect();
    pass();
    expect(heard.b).toEqual(said.a);
    expect(heard.a).toEqual(said.b);
    expect(said.a.length).toBeGreaterThan(500);
  });

  it('acknowledges what it has received by itself, so that nothing is kept for ever', () => {
    vi.useFakeTimers();
    const { a, b, connect, pass } = pair();
    connect();
    a.send('one');
    pass();
    expect(a.continues(0)).toBe(true);
    vi.advanceTimersByTime(1000);
    pass();
    expect(a.continues(0)).toBe(false);
    expect(a.continues(1)).toBe(true);
    expect(b.received).toBe(1);
    vi.useRealTimers();
  });

  it('cannot go on with a side that has heard more than was said, or after more than it can keep', () => {
    const { a, connect } = pair();
    connect();
    expect(a.continues(1)).toBe(false);
    a.detach();
    const large = 'x'.repeat(8 * 2 ** 20);
    for (let i = 0; i < 9; i++) a.send(large);
    expect(a.overflowed).toBe(true);
    expect(a.continues(0)).toBe(false);
  });

  it('refuses a line that is no frame, and a gap', () => {
    const { a } = pair();
    expect(a.receive('Welcome to gpu-box!')).toBe(false);
    expect(a.receive('2 0 later')).toBe(false);
    expect(a.receive('1 0 first')).toBe(true);
    expect(a.receive('1 0 first')).toBe(true);
    expect(a.received).toBe(1);
  });
});
