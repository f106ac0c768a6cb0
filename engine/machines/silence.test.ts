import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { Connections } from '../links/connections.ts';
import type { Failure } from '../protocol/envelope.ts';
import { openLink } from './far-link.ts';
import { ownVersion, say, words } from './greeting.ts';
import { serveSocket } from './serve-socket.ts';

const folder = mkdtempSync(join(tmpdir(), 'unroll-silence-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const id = 'a-session-of-tests';

/* A connection whose other end has gone without a word, as when a laptop sleeps. */
describe.skipIf(process.platform === 'win32')('a connection that falls silent', () => {
  it('is let go of by the engine there, which keeps the session', async () => {
    const path = join(folder, 'engine.sock');
    const served = await serveSocket(path, {
      home: folder,
      connections: new Connections(() => undefined),
      answer: async () => null,
      isTraining: () => false,
      end: () => undefined,
      beat: 300,
    });
    const open = (received: number) => {
      let heard = '';
      const socket = connect(path, () => socket.write(`${say(words.session, { ...ownVersion(), id, received })}\n`));
      const ended = new Promise((resolve) => socket.on('close', resolve));
      socket.on('error', () => undefined);
      socket.on('data', (piece) => {
        heard += piece.toString();
      });
      return { socket, ended, heard: () => heard };
    };
    const silent = open(0);
    await vi.waitUntil(() => served.connected === 1, { timeout: 20_000 });
    await silent.ended;
    await vi.waitUntil(() => served.connected === 0, { timeout: 20_000 });
    expect(silent.heard()).toContain('"resumed":false');

    const lively = open(0);
    const life = setInterval(() => lively.socket.write('0 0\n'), 50);
    await new Promise((resolve) => setTimeout(resolve, 2000));
    expect(served.connected).toBe(1);
    expect(lively.heard()).toContain('"resumed":true');
    clearInterval(life);
    await served.close();
  });

  it('is let go of here', async () => {
    const engine = {
      ...ownVersion(),
      engine: 'e',
      resumed: false,
      received: 0,
      hostname: 'h',
      platform: 'linux',
      home: '/h',
      documents: '/d',
    };
    const lines = [say(words.program, { ...ownVersion(), node: '22.0.0' }), say(words.engine, engine)];
    const beats = vi.fn();
    const failure = await new Promise<Failure>((closed) => {
      openLink(
        'gpu-box',
        { id, received: 0 },
        { step: () => undefined, opened: () => undefined, line: () => true, beat: beats, closed },
        () => spawn('sh', ['-c', `echo '${lines.join('\n')}'; exec sleep 60`], { stdio: ['pipe', 'pipe', 'pipe'] }),
        300,
      );
    });
    expect(failure.code).toBe('connection-lost');
    expect(beats.mock.calls.length).toBeGreaterThan(0);
  });
});
