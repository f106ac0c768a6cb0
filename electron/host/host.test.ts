import { mkdtempSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { connect as connectTo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { Access, refusal } from './access.ts';
import { type Host, startHost } from './host.ts';

/** An engine that repeats what it is told, and dies when asked to. */
const repeatingEngine = `
process.on('message', (m) => {
  if (m.kind !== 'message') return;
  if (m.text === 'die') process.exit(3);
  process.send({ kind: 'message', window: m.window, text: m.text + '!' });
});
process.send({ kind: 'ready' });
`;

let host: Host;
let base: URL;
/** What the first browser was let in with. */
let held: Held;
const admitted: string[] = [];

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'unroll-host-'));
  writeFileSync(join(folder, 'index.html'), '<title>window</title>');
  writeFileSync(join(folder, 'secret.key'), 'not a web file');
  const engine = join(folder, 'engine.mjs');
  writeFileSync(engine, repeatingEngine);
  host = await startHost({
    port: 0,
    renderer: folder,
    engine,
    environment: process.env,
    onAdmitted: (address) => admitted.push(address),
  });
  base = new URL(host.origin);
  await engineReady();
  held = await enter(codeOf(host.address));
});
afterAll(() => host.stop());

async function engineReady(): Promise<void> {
  if (!host.engine.ready) await new Promise<void>((resolve) => void host.engine.once('ready', resolve));
}

function get(path: string, headers: Record<string, string> = {}): Promise<{ status: number; headers: Record<string, unknown> }> {
  return new Promise((resolve, reject) => {
    httpRequest({ host: '127.0.0.1', port: base.port, path, headers }, (response) => {
      response.resume();
      resolve({ status: response.statusCode ?? 0, headers: response.headers });
    })
      .on('error', reject)
      .end();
  });
}

interface Held {
  readonly status: number;
  readonly key: string;
  /** With its attributes. */
  readonly cookie: string;
}

const codeOf = (address: string): string => new URLSearchParams(new URL(address).hash.slice(1)).get('code') ?? '';

async function enter(code: string, origin = base.origin): Promise<Held> {
  const answer = await fetch(`${base.origin}/enter`, { method: 'POST', body: code, headers: { Origin: origin } });
  return { status: answer.status, key: await answer.text(), cookie: answer.headers.get('set-cookie') ?? '' };
}

/** The socket, or the HTTP status that refused it. */
function connect({ key, cookie }: Pick<Held, 'key' | 'cookie'>, origin = base.origin): Promise<WebSocket | number> {
  return new Promise((resolve) => {
    const headers = { Cookie: cookie.split(';')[0] ?? '' };
    const socket = new WebSocket(`ws://127.0.0.1:${base.port}/engine?key=${key}`, { origin, headers });
    socket.on('open', () => resolve(socket));
    socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
    socket.on('error', () => undefined);
  });
}

it('serves the window with its rules as headers', async () => {
  const { status, headers } = await get('/');
  expect(status).toBe(200);
  expect(headers['content-security-policy']).toContain("default-src 'none'");
  expect(headers['cross-origin-opener-policy']).toBe('same-origin');
  expect(headers['cross-origin-embedder-policy']).toBe('require-corp');
});

it('serves nothing outside its folder, nor unknown kinds of files', async () => {
  for (const path of [
    '/../../etc/passwd',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/..%2fengine.json',
    '/engine.mjs',
    '/secret.key',
    '/%00',
    '/%',
    '//',
    '//etc/passwd',
    '/\\..',
    'http://[',
  ])
    expect((await get(path)).status, path).toBe(404);
});

it('answers a forged address, and whoever vanishes while being refused, without harm', async () => {
  const raw = (text: string, reset: boolean): Promise<string> =>
    new Promise((resolve) => {
      let answer = '';
      const socket = connectTo(Number(base.port), '127.0.0.1', () => {
        socket.write(text);
        if (reset) socket.resetAndDestroy();
      });
      socket.on('data', (data) => {
        answer += data.toString();
      });
      socket.on('error', () => undefined);
      socket.on('close', () => resolve(answer));
    });
  const upgrade = (target: string, more = ''): string =>
    `GET ${target} HTTP/1.1\r\nHost: 127.0.0.1:${base.port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n${more}\r\n`;
  const own = `Origin: http://127.0.0.1:${base.port}\r\n`;
  expect(await raw(upgrade('//', own), false)).toMatch(/^HTTP\/1.1 404 /);
  expect(await raw(upgrade('/engine', own), false)).toMatch(/^HTTP\/1.1 401 /);
  expect(await raw(upgrade('/engine', 'Origin: //\r\n'), false)).toMatch(/^HTTP\/1.1 403 /);
  for (let i = 0; i < 20; i++) await raw(upgrade('/engine'), true);
  expect((await get('/')).status).toBe(200);
});

it('refuses a foreign Host header', async () => {
  expect((await get('/', { Host: `evil.example:${base.port}` })).status).toBe(421);
});

it('lets a browser in by a code, once', async () => {
  expect(held.status).toBe(200);
  expect(held.cookie).toMatch(new RegExp(`^unroll-${base.port}=[\\w-]{32}; Path=/engine; HttpOnly; SameSite=Strict$`));
  expect(held.key).toMatch(/^[\w-]{32}$/);
  const second = host.address;
  expect(admitted).toEqual([second]);
  expect((await enter('wrong')).status).toBe(403);
  expect((await enter('x'.repeat(100_000))).status).toBe(403);
  expect((await enter(codeOf(second), 'http://evil.example')).status).toBe(403);
  expect(host.address, 'a code that was not used stays').toBe(second);
  expect((await enter(codeOf(second))).status).toBe(200);
  expect((await enter(codeOf(second))).status).toBe(403);
  expect((await get('/enter')).status).toBe(405);
});

it('asks a WebSocket for its own origin, the cookie and the key', async () => {
  expect(await connect(held, 'http://evil.example')).toBe(403);
  expect(await connect({ ...held, key: 'wrong' })).toBe(401);
  expect(await connect({ ...held, key: '' })).toBe(401);
  // What another server on this computer could collect, on its own port.
  expect(await connect({ ...held, cookie: held.cookie.replace(base.port, '1') })).toBe(401);
  expect(await connect({ ...held, cookie: '' })).toBe(401);
  const cookie = held.cookie.split(';')[0] ?? '';
  const access = { url: `/engine?key=${held.key}`, headers: { host: 'evil:1', origin: 'http://evil:1', cookie } };
  expect(refusal(access, new Access(), 1)).toMatch(/^421/);
});

it('tells a page whether its browser is let in', async () => {
  const cookie = held.cookie.split(';')[0] ?? '';
  expect((await get(`/engine?key=${held.key}`, { Cookie: `other=1; ${cookie}` })).status).toBe(204);
  expect((await get(`/engine?key=${held.key}`)).status).toBe(401);
  expect((await get(`/engine?key=${held.key}`, { Cookie: cookie, Origin: 'http://evil.example' })).status).toBe(403);
});

it('carries messages, and when the engine dies closes the socket and starts it again', async () => {
  const socket = await connect(held);
  if (typeof socket === 'number') throw new Error(`refused with ${socket}`);
  const answer = new Promise((resolve) => socket.once('message', (data) => resolve(data.toString())));
  socket.send('hello');
  expect(await answer).toBe('hello!');
  const closed = new Promise((resolve) => socket.once('close', (code) => resolve(code)));
  socket.send('die');
  expect(await closed).toBe(4001);
  await engineReady();
  const again = await connect(held);
  expect(again).toBeInstanceOf(WebSocket);
  if (typeof again !== 'number') again.close();
});
