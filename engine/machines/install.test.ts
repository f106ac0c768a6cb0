import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import packageFile from '../../package.json' with { type: 'json' };
import { buildProgram } from '../cli/built.test-support.ts';
import { failureOf } from '../protocol/failure-of.test-support.ts';
import { installOn } from './install.ts';

const root = join(import.meta.dirname, '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'unroll-install-'));
const home = join(folder, 'home');
const bin = join(folder, 'bin');

/** An `ssh` that runs its command here, for a user of another home, and an `npm` that brings this checkout's packages. */
beforeAll(() => {
  buildProgram();
  for (const name of [home, bin, join(folder, 'far')]) mkdirSync(name);
  const far = join(folder, 'far');
  writeFileSync(
    join(bin, 'ssh'),
    `#!/bin/sh\nfor last; do :; done\nenv -i HOME=${home} SHELL=/bin/sh PATH=${far}:/usr/bin:/bin sh -c "$last"\n`,
    { mode: 0o755 },
  );
  writeFileSync(join(far, 'npm'), `#!/bin/sh\n[ "$1" = ci ] && ln -s ${join(root, 'node_modules')} node_modules\n`, {
    mode: 0o755,
  });
  symlinkSync(process.execPath, join(far, 'node'));
  vi.stubEnv('PATH', `${bin}:${process.env['PATH'] ?? ''}`);
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

it.skipIf(process.platform === 'win32')(
  'the program runs there, from a folder of its own, and an older one goes',
  { timeout: 240_000 },
  async () => {
    const programs = join(home, '.local', 'share', 'unroll', 'program');
    mkdirSync(join(programs, '0.0.1-older'), { recursive: true });
    expect(await installOn('gpu-box')).toBe(packageFile.version);
    expect(readdirSync(programs)).toHaveLength(1);
    expect(readdirSync(programs)[0]).toMatch(new RegExp(`^${packageFile.version}-[0-9a-f]{8}$`));
    const listed = execFileSync(join(home, '.local', 'bin', 'unroll'), ['templates', '--json'], {
      encoding: 'utf8',
      env: { HOME: home },
    });
    expect(listed).toContain('syllables');
    expect(await installOn('gpu-box')).toBe(packageFile.version);
  },
);

it.skipIf(process.platform === 'win32')('a Node.js that is missing or too old is told, and nothing is left', async () => {
  rmSync(join(home, '.local'), { recursive: true, force: true });
  const node = join(folder, 'far', 'node');
  rmSync(node);
  // Of this machine's own there may be one in /usr/bin: the first on the PATH is asked.
  writeFileSync(node, '#!/bin/sh\n[ "$1" = --version ] && echo v18.0.0\nexit 1\n', { mode: 0o755 });
  expect(await failureOf(installOn('gpu-box'))).toMatchObject({
    code: 'not-installed',
    message: expect.stringContaining('code 3'),
  });
  expect(existsSync(join(home, '.local'))).toBe(false);
});
