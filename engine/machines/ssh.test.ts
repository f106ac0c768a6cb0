import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { findTemplate } from '../../templates/registry.ts';
import { buildProgram } from '../cli/built.test-support.ts';
import type { Failure } from '../protocol/envelope.ts';
import { failureOf } from '../protocol/failure-of.test-support.ts';
import { ownVersion } from './greeting.ts';
import { oldestNode } from './install-command.ts';
import { Machines } from './machines.ts';
import { noSshd, type Sshd, startSshd, workingProgram } from './sshd.test-support.ts';

if (noSshd !== null) console.warn(`Engines over ssh are not tested: ${noSshd}.`);

describe.skipIf(noSshd !== null)('over ssh', () => {
  let sshd: Sshd;
  beforeAll(async () => {
    buildProgram();
    sshd = await startSshd();
    vi.stubEnv('PATH', sshd.path);
  });
  beforeEach(() => sshd.program(workingProgram));
  afterAll(async () => {
    vi.unstubAllEnvs();
    await sshd?.end();
  });
  const machines = (): Machines => new Machines({ tell: () => undefined, pauses: { first: 100, longest: 400 } });
  const refused = (host: string): Promise<Failure> => failureOf(machines().connect(host));

  it('a talkative login is heard out, and training goes on while the connection is gone', { timeout: 240_000 }, async () => {
    const near = machines();
    const first = await near.connect('gpu-box');
    expect(first).toMatchObject({ kind: 'there', host: 'gpu-box', home: sshd.home });
    const document = findTemplate('syllables').document();
    const { id } = await near.call('training.start', {
      document: { ...document, training: { ...document.training, device: 'wasm', epochs: 500 } },
    });
    const { pid } = sshd.ask('serve', '--status');
    const steps = async (): Promise<number> => (await near.call('runs.get', { run: id })).summary.step;
    await vi.waitUntil(async () => (await steps()) > 0, { timeout: 60_000, interval: 100 });
    sshd.cut();
    await vi.waitUntil(() => near.state.kind === 'away', { timeout: 20_000, interval: 5 });
    const before = await steps(); // asked while the connection is away, answered when it is back
    expect(near.state).toEqual(first);
    expect(sshd.ask('serve', '--status')).toMatchObject({ pid, training: true, connected: 1 });
    await vi.waitUntil(async () => (await steps()) > before, { timeout: 60_000, interval: 100 });

    // Left to itself it trains on, and is found again by whoever comes.
    near.disconnect();
    await vi.waitUntil(() => sshd.ask('serve', '--status')['connected'] === 0, { timeout: 20_000, interval: 100 });
    expect(sshd.ask('serve', '--status')).toMatchObject({ pid, training: true });
    const other = machines();
    await other.connect('gpu-box');
    expect(await other.call('training.stop', { run: id })).toMatchObject({ id, status: 'stopped' });
    other.disconnect();
  });

  it.each([
    ['other-key', 'key-refused', /ssh-add/],
    ['stranger', 'host-key-unknown', /^ssh stranger$/],
    ['impostor', 'host-key-changed', /^ssh impostor$/],
    ['closed', 'host-unreachable', null],
    ['no-such-machine.invalid', 'host-unknown', null],
  ])('%s: %s', async (host, code, command) => {
    const failure = await refused(host);
    expect(failure).toMatchObject({ code, hint: expect.stringMatching(/\w/) });
    expect(failure.message).toContain(host);
    if (command === null) expect(failure.command).toBeUndefined();
    else expect(failure.command).toMatch(command);
  });

  it('a machine without Unroll is told with the command that installs it', async () => {
    sshd.program(null);
    expect(await refused('gpu-box')).toMatchObject({
      code: 'unroll-missing',
      command: expect.stringMatching(/^cd .+ && npm run -s unroll -- install gpu-box$/),
    });
  });

  it('a Node.js that is too old is told, with both versions', async () => {
    sshd.program('#!/bin/sh\necho "SyntaxError: The requested module" >&2; echo "Node.js v18.2.0" >&2; exit 1\n');
    const { code, message } = await refused('gpu-box');
    expect(code).toBe('node-too-old');
    expect(message).toContain('18.2');
    expect(message).toContain(oldestNode);
    sshd.program('#!/bin/sh\necho "/usr/bin/env: ‘node’: No such file or directory" >&2; exit 127\n');
    expect(await refused('gpu-box')).toMatchObject({ code: 'node-missing' });
  });

  it('another version is told, with both, and so is another build of the same', async () => {
    const { version } = ownVersion();
    const line = (other: object): string =>
      `#!/bin/sh\necho 'unroll-program ${JSON.stringify({ ...ownVersion(), node: '22.0.0', ...other })}'; sleep 5\n`;
    sshd.program(line({ version: '0.0.9' }));
    const older = await refused('gpu-box');
    expect(older).toMatchObject({ code: 'other-version', command: expect.stringContaining('install gpu-box') });
    expect(older.message).toBe(`Unroll is ${version} here and 0.0.9 on gpu-box; both must be the same.`);
    sshd.program(line({ contract: 'abcdef0123456789' }));
    const { message } = await refused('gpu-box');
    expect(message).toContain(`${version} (build abcdef)`);
    expect(message).toContain(`${version} (build ${ownVersion().contract.slice(0, 6)})`);
  });

  it('an Unroll that cannot be joined, and one that says why not, are told in its words', async () => {
    sshd.program(`#!/bin/sh\necho "error: unknown command 'serve'" >&2; exit 2\n`);
    expect(await refused('gpu-box')).toMatchObject({ code: 'far-older' });
    sshd.program('#!/bin/sh\necho "unroll: The disk is full." >&2; echo "Make room." >&2; exit 1\n');
    expect(await refused('gpu-box')).toMatchObject({
      code: 'far-program',
      message: 'Unroll on gpu-box: The disk is full.',
      hint: 'Make room.',
    });
    sshd.program('#!/bin/sh\necho "This account is closed on Sundays."; exit 0\n');
    expect(await refused('gpu-box')).toMatchObject({ code: 'no-engine', message: expect.stringContaining('closed on Sundays') });
  });
});

describe('without ssh', () => {
  it('the program that is missing is named', async () => {
    vi.stubEnv('PATH', '/nowhere');
    const failure = await failureOf(new Machines({ tell: () => undefined }).connect('gpu-box'));
    vi.unstubAllEnvs();
    expect(failure).toMatchObject({ code: 'ssh-missing', hint: expect.stringContaining('openssh-client') });
  });
});
