import { connect } from 'node:net';

/** What the generator must know to be a nuisance on purpose: the port, and the header lines and path that a window is let in with. */
interface Target {
  readonly port: number;
  readonly enginePath: string;
  readonly letIn: readonly string[];
}

type Random = () => number;

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'TRACE', 'CONNECT', 'PRI', 'get', 'G\u0001T', ''];
const paths = [
  '/',
  '//',
  '///etc/passwd',
  '//host:99999999/',
  '/engine',
  '/engine/',
  '/enter',
  '/engine?key=%',
  '/enter?%00',
  '/%',
  '/%00',
  '/%ff%fe',
  '/\\..\\..',
  '/../../etc/passwd',
  '/..%2f..%2fetc%2fpasswd',
  '/index.html',
  '/assets/',
  'http://[::1',
  'http://127.0.0.1:bad/',
  'http://user@evil/',
  '*',
  '?',
  '#',
  '',
  'evil:443',
  '/\u00e9\u4e16',
];
const hosts = [
  'evil.example',
  '127.0.0.1',
  '127.0.0.1:99999999',
  '[::1]:80',
  'localhost:',
  '\u0000',
  'a b',
  '//',
  '127.0.0.1:80@evil',
  '',
  '%',
];
const origins = ['null', 'http://', '//', 'http://[', 'http://evil.example', 'file://', '\u00ff', 'http://127.0.0.1:0', ''];
const headers = [
  'Content-Length: 99999999999999999999',
  'Content-Length: -1',
  'Content-Length: 5',
  'Transfer-Encoding: chunked',
  'Transfer-Encoding: gzip, chunked',
  'Expect: 100-continue',
  'Expect: something',
  'Cookie: =;;=; unroll-1; %%%',
  'Cookie: unroll-1="\u0001"',
  'Content-Type: application/json',
  'Upgrade: h2c',
  'Connection: Upgrade, close',
  'Sec-WebSocket-Version: 99',
  'Sec-WebSocket-Key: short',
  'Sec-WebSocket-Protocol: ,,',
  'Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=99',
  'no colon',
  ': no name',
  ' folded: line',
  `Long: ${'x'.repeat(20_000)}`,
  ...Array.from({ length: 4 }, (_, i) => `Many-${i}: ${'y'.repeat(4000)}`),
];

const pick = <T>(random: Random, list: readonly T[], otherwise: T): T => list[Math.floor(random() * list.length)] ?? otherwise;

function noise(random: Random, length: number): Buffer {
  return Buffer.from(Array.from({ length }, () => Math.floor(random() * 256)));
}

/** A request that is wrong in one or more ways, or none. */
function request(random: Random, { port }: Target): Buffer {
  const host = random() < 0.5 ? `127.0.0.1:${port}` : pick(random, hosts, '');
  const lines = [
    `${random() < 0.5 ? 'GET' : pick(random, methods, '')} ${pick(random, paths, '/')} HTTP/${pick(random, ['1.1', '1.1', '1.0', '2.0', '9', ''], '')}`,
    ...(random() < 0.9 ? [`Host: ${host}`] : []),
    ...(random() < 0.1 ? [`Host: ${pick(random, hosts, '')}`] : []),
    ...(random() < 0.4 ? [`Origin: ${random() < 0.4 ? `http://${host}` : pick(random, origins, '')}`] : []),
    ...(random() < 0.4 ? ['Upgrade: websocket', 'Connection: Upgrade', 'Sec-WebSocket-Version: 13'] : []),
    ...Array.from({ length: Math.floor(random() * 4) }, () => pick(random, headers, '')),
  ];
  const text = Buffer.from(`${lines.join('\r\n')}\r\n\r\n${random() < 0.3 ? '{"code":' : ''}`, 'latin1');
  return random() < 0.25 ? text.subarray(0, Math.floor(random() * text.length)) : text;
}

/** The handshake of a window that is let in, followed by what is no good WebSocket traffic. */
function badFrames(random: Random, { port, enginePath, letIn }: Target): Buffer {
  const handshake = [
    `GET ${enginePath} HTTP/1.1`,
    `Host: 127.0.0.1:${port}`,
    `Origin: http://127.0.0.1:${port}`,
    'Upgrade: websocket',
    'Connection: Upgrade',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Extensions: permessage-deflate',
    ...letIn,
  ];
  const masked = (first: number, length: readonly number[], payload: Buffer): Buffer =>
    Buffer.concat([Buffer.from([first, ...length, 0, 0, 0, 0]), payload]);
  const frames = [
    Buffer.from([0x81, 0x01, 0x41]), // not masked
    masked(0xc1, [0x84], noise(random, 4)), // compressed, though that was not agreed
    masked(0xf1, [0x81], noise(random, 1)), // reserved bits
    masked(0x81, [0xff, 0, 0, 0, 0, 0x7f, 0xff, 0xff, 0xff], noise(random, 8)), // says 2 GiB
    masked(0x81, [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], noise(random, 8)), // more than a number holds
    masked(0x81, [0x82], Buffer.from([0xc3, 0x28])), // no UTF-8
    masked(0x80, [0x81], noise(random, 1)), // a continuation of nothing
    masked(0x88, [0x82], Buffer.from([0x00, 0x01])), // a close code that nobody may send
    masked(0x89, [0xfe, 0x01, 0x00], noise(random, 256)), // a ping too long
    masked(0x8b, [0x80], Buffer.alloc(0)),
    Buffer.concat(Array.from({ length: 200 }, () => masked(0x01, [0x80], Buffer.alloc(0)))), // fragments of nothing
    noise(random, 40),
  ];
  return Buffer.concat([Buffer.from(`${handshake.join('\r\n')}\r\n\r\n`), pick(random, frames, Buffer.alloc(0))]);
}

/** Bytes of one hostile connection. */
export function hostileBytes(random: Random, target: Target): Buffer {
  const kind = random();
  if (kind < 0.7) return request(random, target);
  return kind < 0.9 ? badFrames(random, target) : noise(random, 1 + Math.floor(random() * 200));
}

/**
 * Sends the bytes, whole or in two pieces, and goes away: by the book, by a reset, or by a reset before anything can have been
 * answered. Ends in any case.
 */
export async function hostileConnection(port: number, bytes: Buffer, random: Random): Promise<void> {
  const patience = random() < 0.3 ? 0 : 15;
  const reset = random() < 0.6;
  const cut = random() < 0.2 ? Math.floor(random() * bytes.length) : bytes.length;
  await new Promise<void>((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.on('close', () => resolve());
    socket.resume();
    socket.on('connect', () => {
      socket.write(bytes.subarray(0, cut));
      if (cut < bytes.length) setTimeout(() => socket.write(bytes.subarray(cut)), 2);
      setTimeout(() => (reset ? socket.resetAndDestroy() : socket.destroySoon()), patience);
    });
  });
}
