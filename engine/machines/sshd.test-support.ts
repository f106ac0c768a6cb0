import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { delimiter, join } from 'node:path';
import { freePort } from '../toolchain/free-port.test-support.ts';

const root = join(import.meta.dirname, '..', '..');
const sshdPath = ['/usr/sbin/sshd', '/usr/local/sbin/sshd', '/usr/libexec/sshd'].find((path) => existsSync(path)) ?? null;

/** Why no machine can be pretended here; `null` where one can. */
export const noSshd: string | null =
  sshdPath === null
    ? 'no sshd was found (openssh-server)'
    : spawnSync('ssh', ['-V'], { stdio: 'ignore' }).status === 0
      ? null
      : 'no ssh was found (openssh-client)';

/**
 * Machines of ssh's own kind on this one: an sshd on loopback with keys, configuration and home of its own, and an `ssh` on a PATH of its
 * own that reads another configuration than the user's.
 */
export interface Sshd {
  readonly folder: string;
  /** Unroll's home there. */
  readonly home: string;
  /** Folder of the `ssh` to be found first. */
  readonly path: string;
  /** Puts a script in the place of the program there; `null` takes it away. */
  program(script: string | null): void;
  /** Kills the connections that are open, as a network does that goes away. */
  cut(): void;
  /** Runs the program there. */
  ask(...args: string[]): Record<string, unknown>;
  end(): Promise<void>;
}

/** What the program there is: this checkout's build, after the greeting of a talkative profile. */
const chatty = `#!/bin/sh
case "$*" in *--json*) ;; *) echo "Welcome to gpu-box. 3 updates can be applied." ;; esac
exec ${process.execPath} ${join(root, 'dist', 'unroll.js')} "$@"
`;

/** Names: `gpu-box` works; `other-key`, `stranger`, `impostor`, `closed` do not, each for its reason. */
export async function startSshd(): Promise<Sshd> {
  if (sshdPath === null) throw new Error('no sshd');
  const folder = mkdtempSync(join(tmpdir(), 'unroll-sshd-'));
  const at = (name: string): string => join(folder, name);
  chmodSync(folder, 0o755);
  const home = at('home');
  for (const name of ['home', 'bin', 'near']) mkdirSync(at(name));
  for (const key of ['host', 'user', 'stranger', 'impostor'])
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', key, '-f', at(key)]);
  const publicKey = (key: string): string => execFileSync('ssh-keygen', ['-y', '-f', at(key)], { encoding: 'utf8' }).trim();
  writeFileSync(at('authorized'), `${publicKey('user')}\n`, { mode: 0o600 });
  const [port, closed] = [await freePort(), await freePort()];
  writeFileSync(at('known'), `[127.0.0.1]:${port} ${publicKey('host')}\n`);
  writeFileSync(at('wrong'), `[127.0.0.1]:${port} ${publicKey('impostor')}\n`);
  writeFileSync(at('none'), '');
  const environment = { PATH: `${at('bin')}:/usr/bin:/bin`, UNROLL_HOME: home, HOME: home };
  writeFileSync(
    at('sshd_config'),
    `${[
      `Port ${port}`,
      'ListenAddress 127.0.0.1',
      `HostKey ${at('host')}`,
      `AuthorizedKeysFile ${at('authorized')}`,
      `PidFile ${at('pid')}`,
      'StrictModes no',
      'UsePAM no',
      'PasswordAuthentication no',
      'KbdInteractiveAuthentication no',
      `SetEnv ${Object.entries(environment)
        .map(([name, value]) => `${name}=${value}`)
        .join(' ')}`,
    ].join('\n')}\n`,
  );
  const machine = (name: string, key: string, known: string, on = port): string =>
    `Host ${name}\n  HostName 127.0.0.1\n  Port ${on}\n  User ${userInfo().username}\n  IdentityFile ${at(key)}\n  IdentitiesOnly yes\n  UserKnownHostsFile ${at(known)}\n  GlobalKnownHostsFile /dev/null\n`;
  writeFileSync(
    at('ssh_config'),
    [
      machine('gpu-box', 'user', 'known'),
      machine('other-key', 'stranger', 'known'),
      machine('stranger', 'user', 'none'),
      machine('impostor', 'user', 'wrong'),
      machine('closed', 'user', 'known', closed),
    ].join('\n'),
  );
  const real = execFileSync('sh', ['-c', 'command -v ssh'], { encoding: 'utf8' }).trim();
  writeFileSync(at('near/ssh'), `#!/bin/sh\nexec ${real} -F ${at('ssh_config')} "$@"\n`, { mode: 0o755 });
  const put = (script: string | null): void => {
    rmSync(at('bin/unroll'), { force: true });
    if (script === null) return;
    writeFileSync(at('bin/unroll.part'), script, { mode: 0o755 });
    renameSync(at('bin/unroll.part'), at('bin/unroll'));
  };
  put(chatty);
  // Where it separates privileges, as Debian's service makes it.
  if (userInfo().uid === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  const sshd = spawn(sshdPath, ['-D', '-e', '-f', at('sshd_config')], { stdio: ['ignore', 'ignore', 'pipe'] });
  await answering(sshd, port);
  const ask = (...args: string[]): Record<string, unknown> => {
    const program = [join(root, 'dist', 'unroll.js'), ...args, '--json'];
    const { stdout } = spawnSync(process.execPath, program, { env: { ...process.env, UNROLL_HOME: home }, encoding: 'utf8' });
    return JSON.parse(stdout.trim().split('\n').at(-1) || '{}') as Record<string, unknown>;
  };
  return {
    folder,
    home,
    path: `${at('near')}${delimiter}${process.env['PATH'] ?? ''}`,
    program: (script) => put(script),
    cut: () => {
      for (const pid of childrenOf(sshd.pid ?? 0)) for (const child of [...childrenOf(pid), pid]) kill(child);
    },
    ask,
    end: async () => {
      ask('serve', '--stop');
      const ended = new Promise((resolve) => sshd.once('exit', resolve));
      for (const pid of childrenOf(sshd.pid ?? 0)) kill(pid);
      sshd.kill();
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export { chatty as workingProgram };

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // gone already
  }
}

const childrenOf = (parent: number): number[] =>
  execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .flatMap(([pid, of]) => (of === parent && pid !== undefined ? [pid] : []));

async function answering(sshd: ChildProcess, port: number): Promise<void> {
  let words = '';
  sshd.stderr?.on('data', (piece: Buffer) => {
    words += piece.toString();
  });
  for (let tries = 0; tries < 200; tries++) {
    if (sshd.exitCode !== null) throw new Error(`sshd ended: ${words}`);
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.destroy();
        resolve(true);
      });
      socket.on('error', () => resolve(false));
    });
    if (open) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`sshd does not answer: ${words}`);
}
