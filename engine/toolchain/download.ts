import { mkdir, readdir, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../protocol/envelope.ts';
import { lastLines, runCommand } from './run-command.ts';
import type { Command } from './tools.ts';

export interface Download {
  readonly pip: Command;
  readonly requirement: string;
  readonly pipOptions: readonly string[];
  /** Finished files; one that is here is not downloaded again. */
  readonly folder: string;
  /** pip's temporary files, watched for progress. */
  readonly scratch: string;
  readonly signal?: AbortSignal;
  readonly onProgress: (fraction: number | null, message: string) => void;
}

/**
 * Downloads one wheel with the user's own pip (so their index, proxy and certificates count) and moves it to its folder when
 * it is whole. Progress is the size of pip's temporary files against the size that pip announces, because pip prints none
 * when it does not own a terminal.
 *
 * @throws UserError `download-failed` with pip's last words.
 */
export async function downloadWheel(download: Download): Promise<string> {
  const { pip, requirement, pipOptions, folder, scratch, signal, onProgress } = download;
  const kept = await findWheel(folder, requirement);
  if (kept !== null) return kept;
  const arrived = join(scratch, 'arrived');
  const temporary = join(scratch, 'temporary');
  await Promise.all([folder, arrived, temporary].map((path) => mkdir(path, { recursive: true })));
  let announced: number | null = null;
  const timer = setInterval(() => {
    void folderBytes(scratch).then((bytes) => {
      const fraction = announced === null ? null : Math.min(1, bytes / announced);
      onProgress(fraction, announced === null ? 'Asking the index' : `${megabytes(bytes)} of ${megabytes(announced)}`);
    });
  }, 250);
  const [program, ...first] = pip;
  const args = ['download', '--no-deps', '--no-cache-dir', '--only-binary=:all:', ...pipOptions, '--dest', arrived, requirement];
  try {
    const { ok, output, ending } = await runCommand(program, [...first, ...args], {
      env: { ...process.env, TMPDIR: temporary, TEMP: temporary, TMP: temporary, PIP_DISABLE_PIP_VERSION_CHECK: '1' },
      onOutput: (text) => {
        announced ??= announcedBytes(text);
      },
      ...(signal === undefined ? {} : { signal }),
    });
    if (!ok)
      throw new UserError({
        code: 'download-failed',
        message: `pip could not download ${requirement} (${pip.join(' ')} ${ending}): ${lastLines(output)}`,
        hint: 'Check the network connection and pip’s settings, then try again.',
      });
  } finally {
    clearInterval(timer);
  }
  const wheel = await findWheel(arrived, requirement);
  if (wheel === null)
    throw new UserError({
      code: 'download-failed',
      message: `pip ended well but left no wheel of ${requirement}.`,
      hint: 'Try again.',
    });
  const target = join(folder, wheel.slice(arrived.length + 1));
  await rename(wheel, target);
  return target;
}

/** pip's line `Downloading NAME (274.0 MB)`. */
export function announcedBytes(text: string): number | null {
  const found = /Downloading \S+ \(([\d.]+) ([kMG]?)B\)/.exec(text);
  if (found === null) return null;
  return Number(found[1]) * ({ '': 1, k: 1e3, M: 1e6, G: 1e9 }[found[2] ?? ''] ?? 1);
}

async function findWheel(folder: string, requirement: string): Promise<string | null> {
  const name = (requirement.split(/[=<>~!]/)[0] ?? '').replaceAll('-', '_').toLowerCase();
  const files = await readdir(folder).catch(() => []);
  const wheel = files.find((file) => file.toLowerCase().startsWith(`${name}-`) && file.endsWith('.whl'));
  return wheel === undefined ? null : join(folder, wheel);
}

async function folderBytes(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const sizes = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) =>
        stat(join(entry.parentPath, entry.name)).then(
          ({ size }) => size,
          () => 0,
        ),
      ),
  );
  return Math.max(0, ...sizes);
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;
