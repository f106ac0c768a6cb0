import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { UserError } from '../protocol/envelope.ts';
import { ownVersion } from './greeting.ts';
import { oldestNode } from './install-command.ts';
import { target } from './ssh-command.ts';

/** The folder that this program lies in. */
const root = resolve(import.meta.dirname, '../..');

/** What the program needs to run, from that folder; the rest of its packages comes from npm, by the lock file. */
const parts = [
  'package.json',
  'package-lock.json',
  '.npmrc',
  'dist/unroll.js',
  'dist/verify-native.js',
  'dist/trial-process.js',
  'dist/batch-thread.cjs',
  'dist/media-thread.cjs',
  'dist/analysis-thread.cjs',
  'engine/export/python',
  'engine/sweep/optuna',
  'engine/kernels/wasm',
  'engine/kernels/native/src',
  'templates',
];

/**
 * What runs there, reading the archive from its standard input. It has no single quotes: those are around it, so that every shell that a
 * user may log in with hands it to `sh`. Node.js is looked for as a terminal there would find it, and the program remembers where.
 */
export function installScript({ version, contract }: { readonly version: string; readonly contract: string }): string {
  const [major, minor] = oldestNode.split('.');
  return `set -e
say() { echo "unroll: $1" >&2; }
node=$(command -v node || true)
if [ ! -x "$node" ]; then node=$("\${SHELL:-sh}" -lic "command -v node" </dev/null 2>/dev/null | tail -n 1 || true); fi
if [ ! -x "$node" ]; then say "Node.js is not found on this machine. Install ${oldestNode} or newer there."; exit 3; fi
if ! "$node" -e "const [a, b] = process.versions.node.split(String.fromCharCode(46)).map(Number); process.exit(a > ${major} || (a === ${major} && b >= ${minor}) ? 0 : 1)"; then
  say "Node.js there is $("$node" --version); Unroll needs ${oldestNode} or newer."; exit 3
fi
PATH="$(dirname "$node"):$PATH"; export PATH
if ! command -v npm >/dev/null; then say "npm is not found beside $node."; exit 3; fi
all="$HOME/.local/share/unroll/program"
new="$all/${version}-${contract.slice(0, 8)}"
rm -rf "$new.part"; mkdir -p "$new.part"; cd "$new.part"
tar -xzf -
npm ci --omit=dev --ignore-scripts --no-audit --no-fund --loglevel=error >&2
cd "$all"; rm -rf "$new"; mv "$new.part" "$new"
mkdir -p "$HOME/.local/bin"
printf "#!/bin/sh\\nexec \\"%s\\" \\"%s\\" \\"\\$@\\"\\n" "$node" "$new/dist/unroll.js" > "$HOME/.local/bin/unroll.part"
chmod 755 "$HOME/.local/bin/unroll.part"; mv "$HOME/.local/bin/unroll.part" "$HOME/.local/bin/unroll"
case "$("$HOME/.local/bin/unroll" serve --status --json)" in
  *\\"running\\":false*) for old in "$all"/*; do [ "$old" = "$new" ] || rm -rf "$old"; done ;;
esac
"$HOME/.local/bin/unroll" --version`;
}

/** In a terminal: ssh may ask for a password, and what npm says there is shown. Resolves with the version that runs there. */
export async function installOn(host: string): Promise<string> {
  const missing = parts.find((part) => !existsSync(join(root, part)));
  if (missing !== undefined)
    throw new UserError({
      code: 'not-built',
      message: `${join(root, missing)} is missing.`,
      hint: 'Build the program first: npm run build',
    });
  const archive = spawn('tar', ['-czf', '-', '--exclude=*.map', '--exclude=*.test.*', '-C', root, ...parts], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ssh = spawn('ssh', ['-T', ...target(host), `exec sh -c '${installScript(ownVersion())}'`], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  ssh.stdin.on('error', () => undefined); // its end says more
  ssh.on('close', () => archive.kill()); // which would wait for a reader
  archive.stdout.pipe(ssh.stdin);
  let told = '';
  ssh.stdout.on('data', (piece: Buffer) => {
    told += piece.toString();
  });
  const ended = (child: typeof archive | typeof ssh, program: string): Promise<number> =>
    new Promise((done, reject) => {
      child.on('error', (cause) =>
        reject(new UserError({ code: 'no-program', message: `${program} did not start: ${cause.message}` }, { cause })),
      );
      child.on('close', (code) => done(code ?? 1));
    });
  const [packed, installed] = await Promise.all([ended(archive, 'tar'), ended(ssh, 'ssh')]);
  if (packed !== 0 && installed === 0) throw new UserError({ code: 'not-packed', message: `tar ended with code ${packed}.` });
  if (installed !== 0)
    throw new UserError({
      code: 'not-installed',
      message: `Unroll was not installed on ${host} (code ${installed}).`,
      hint: 'Why stands above, in the words of ssh or of the machine.',
    });
  return told.trim().split('\n').at(-1) ?? '';
}
