import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../protocol/envelope.ts';
import { type CommandOptions, lastLines, runCommand } from './run-command.ts';

/** What a Python of our own is to have. */
export interface PythonNeeds {
  /** What it is for, e.g. `Keras`. */
  readonly title: string;
  /** What pip installs: the newest that the user's index has, unless a version is named. */
  readonly requirements: readonly string[];
  /** What is then imported to see that it works; the same names unless given. */
  readonly modules?: readonly string[];
}

/** Written last: an environment without it was not finished. */
const readyFile = 'ready.json';
const readyContent = z.strictObject({ versions: z.record(z.string(), z.string()) });

export function environmentPython(folder: string): string {
  return process.platform === 'win32' ? join(folder, 'Scripts', 'python.exe') : join(folder, 'bin', 'python');
}

/** Versions of the modules of a finished environment; `null` where there is none. */
export function environmentVersions(folder: string): Readonly<Record<string, string>> | null {
  const file = join(folder, readyFile);
  if (!existsSync(file) || !existsSync(environmentPython(folder))) return null;
  try {
    return readyContent.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data?.versions ?? null;
  } catch {
    return null;
  }
}

/**
 * A virtual environment with what is needed, by the machine's own Python and pip; made beside its place and moved there, so that one that
 * was cut off is never used.
 *
 * @param onLine what pip does now
 * @returns versions of its modules
 * @throws UserError `python-not-found`, `pip-failed` (offline, too), `python-import-failed`
 */
export async function makeEnvironment(
  folder: string,
  needs: PythonNeeds,
  onLine: (line: string) => void,
  signal?: AbortSignal,
): Promise<Readonly<Record<string, string>>> {
  const staging = `${folder}.preparing`;
  const options: CommandOptions = signal === undefined ? {} : { signal };
  await rm(staging, { recursive: true, force: true });
  await mkdir(dirname(folder), { recursive: true });
  try {
    await create(needs.title, staging, options);
    const python = environmentPython(staging);
    await install(needs, python, onLine, options);
    const versions = await importedVersions(needs, python, options);
    await writeFile(join(staging, readyFile), `${JSON.stringify(readyContent.parse({ versions }), null, 2)}\n`);
    await rm(folder, { recursive: true, force: true });
    await rename(staging, folder);
    return versions;
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

async function create(title: string, folder: string, options: CommandOptions): Promise<void> {
  const endings: string[] = [];
  for (const [program, ...first] of [['python3'], ['python'], ['py', '-3']] as const) {
    const { ok, output, ending } = await runCommand(program, [...first, '-m', 'venv', folder], options);
    if (ok) return;
    endings.push(`${program} ${ending}${output === '' ? '' : ` (${lastLines(output, 1)})`}`);
  }
  throw new UserError({
    code: 'python-not-found',
    message: `${title} needs Python 3 that can make a virtual environment: ${endings.join('; ')}.`,
    hint: 'Install Python 3 (Debian and Ubuntu: apt install python3-venv), then try again.',
  });
}

async function install(
  { title, requirements }: PythonNeeds,
  python: string,
  onLine: (line: string) => void,
  options: CommandOptions,
): Promise<void> {
  const args = ['-m', 'pip', 'install', '--no-cache-dir', '--disable-pip-version-check', '--upgrade', ...requirements];
  const { ok, output, ending } = await runCommand(python, args, {
    ...options,
    onOutput: (text) => {
      const line = /(?:Collecting|Downloading|Installing) [^\n]*/.exec(text)?.[0];
      if (line !== undefined) onLine(line);
    },
  });
  if (ok) return;
  throw new UserError({
    code: 'pip-failed',
    message: `pip could not install ${title} (it ${ending}): ${lastLines(output)}`,
    hint: 'Check the network connection, the free space and pip’s settings, then try again.',
  });
}

/** By importing them: a package that does not load is not ready. */
async function importedVersions(
  { title, requirements, modules = requirements }: PythonNeeds,
  python: string,
  options: CommandOptions,
): Promise<Readonly<Record<string, string>>> {
  const code = `import json, ${modules.join(', ')}\nprint(json.dumps({m.__name__: m.__version__ for m in (${modules.join(', ')},)}))`;
  const env = { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3' };
  const { ok, output, ending } = await runCommand(python, ['-c', code], { ...options, env });
  if (ok) return readyContent.shape.versions.parse(JSON.parse(lastLines(output, 1)));
  throw new UserError({
    code: 'python-import-failed',
    message: `${title} was installed but does not load (${ending}): ${lastLines(output)}`,
  });
}
