import { expect, it, vi } from 'vitest';
import type { Handlers } from '../protocol/contract.ts';
import { reply, UserError } from '../protocol/envelope.ts';
import { dispatch } from './dispatch.ts';

/** Handlers of which only the given ones may be called. */
const only = (given: Partial<Handlers>): Handlers => given as Handlers;
const quiet = (): void => undefined;

async function ask(message: string, handlers: Handlers, log: (message: string, cause: unknown) => void = quiet) {
  const answer = await dispatch(message, handlers, undefined, log);
  return answer === null ? null : reply.parse(JSON.parse(answer));
}

it('answers a request with its id', async () => {
  const handlers = only({ 'document.recent': async () => ({ paths: ['/a'] }) });
  expect(await ask('{"id":7,"method":"document.recent","params":{}}', handlers)).toEqual({
    id: 7,
    ok: true,
    result: { paths: ['/a'] },
  });
});

it('drops what is no request, and says so in the log', async () => {
  const log = vi.fn();
  for (const message of ['', 'hello', '[]', '{"id":"1","method":"x","params":{}}', '{"id":1,"method":"x","params":{},"more":1}'])
    expect(await ask(message, only({}), log)).toBeNull();
  expect(log).toHaveBeenCalledTimes(5);
});

it('refuses unknown methods, and names on the prototype', async () => {
  for (const method of ['no.such', 'toString', '__proto__', 'constructor']) {
    const answer = await ask(JSON.stringify({ id: 1, method, params: {} }), only({}));
    expect(answer).toMatchObject({ ok: false, error: { code: 'unknown-method' } });
  }
});

it('parses the parameters before the handler sees them', async () => {
  const handler = vi.fn();
  const answer = await ask('{"id":1,"method":"files.list","params":{"directory":5}}', only({ 'files.list': handler }));
  expect(answer).toMatchObject({ ok: false, error: { code: 'bad-request' } });
  expect(handler).not.toHaveBeenCalled();
});

it('tells an expected failure in its own words, and an unexpected one with its cause in the log', async () => {
  const log = vi.fn();
  const expected = only({
    'document.recent': async () => {
      throw new UserError({ code: 'disk-full', message: 'The disk is full.', hint: 'Free some space.' });
    },
  });
  const request = '{"id":1,"method":"document.recent","params":{}}';
  expect(await ask(request, expected, log)).toMatchObject({ error: { code: 'disk-full', hint: 'Free some space.' } });
  expect(log).not.toHaveBeenCalled();

  const bug = new TypeError('x is undefined');
  const broken = only({
    'document.recent': async () => {
      throw bug;
    },
  });
  expect(await ask(request, broken, log)).toMatchObject({ error: { code: 'unexpected' } });
  expect(log).toHaveBeenCalledWith(expect.any(String), bug);
});
