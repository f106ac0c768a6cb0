import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { provision } from '../engine/backends/provision.ts';
import { ProgressBar } from '../engine/cli/progress-bar.ts';
import { UserError } from '../engine/protocol/envelope.ts';
import { lastLines, runCommand } from '../engine/toolchain/run-command.ts';
import { environmentFolder, environmentPython, type PythonPeer, pythonPeers, readyContent, readyFile } from './environments.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** A bar on a terminal; elsewhere a line whenever something else begins. */
class Progress {
  readonly #bar = new ProgressBar(true);
  #last = '';

  show(fraction: number | null, step: string, detail: string | null): void {
    this.#bar.draw(fraction, detail === null ? step : `${step} · ${detail}`);
    if (process.stderr.isTTY !== true && step !== this.#last) say(`  ${step}`);
    this.#last = step;
  }

  clear(): void {
    this.#bar.clear();
  }
}

/** Makes what the benchmark compares with; says plainly what is not possible. @returns whether everything is there. */
export async function setUp(): Promise<boolean> {
  const progress = new Progress();
  const results = [await attempt('Native TensorFlow for Unroll', () => native(progress))];
  for (const peer of Object.keys(pythonPeers) as PythonPeer[]) {
    results.push(await attempt(pythonPeers[peer].title, () => environment(peer, progress)));
  }
  say('tfjs-layers: ready, it is a development dependency');
  return results.every((ready) => ready);
}

async function attempt(title: string, make: () => Promise<string>): Promise<boolean> {
  try {
    say(`${title}: ready, ${await make()}`);
    return true;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    say(`${title}: not possible. ${error.failure.message}${error.failure.hint === undefined ? '' : `\n  ${error.failure.hint}`}`);
    return false;
  }
}

async function native(progress: Progress): Promise<string> {
  try {
    const runtime = await provision({ onProgress: ({ step, fraction, message }) => progress.show(fraction, step, message) });
    return runtime.manifest.tensorflow;
  } finally {
    progress.clear();
  }
}

/** A virtual environment with the newest versions; made beside its place and moved there, so that a killed one is never used. */
async function environment(peer: PythonPeer, progress: Progress): Promise<string> {
  const { title, requirements, size } = pythonPeers[peer];
  const folder = environmentFolder(peer);
  const staging = `${folder}.preparing`;
  say(`${title}: pip downloads the newest version (${size})`);
  await rm(staging, { recursive: true, force: true });
  await mkdir(dirname(folder), { recursive: true });
  try {
    await makeEnvironment(title, staging);
    const python = environmentPython(staging);
    await pip(title, python, [...requirements], (line) => progress.show(null, line, null));
    const versions = await installedVersions(title, python, requirements);
    const ready = readyContent.parse({ versions });
    await writeFile(join(staging, readyFile), `${JSON.stringify(ready, null, 2)}\n`);
    await rm(folder, { recursive: true, force: true });
    await rename(staging, folder);
    return Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', ');
  } finally {
    progress.clear();
    await rm(staging, { recursive: true, force: true });
  }
}

async function makeEnvironment(title: string, folder: string): Promise<void> {
  const endings: string[] = [];
  for (const [program, ...first] of [['python3'], ['python'], ['py', '-3']] as const) {
    const { ok, output, ending } = await runCommand(program, [...first, '-m', 'venv', folder]);
    if (ok) return;
    endings.push(`${program} ${ending}${output === '' ? '' : ` (${lastLines(output, 1)})`}`);
  }
  throw new UserError({
    code: 'bench-no-python',
    message: `${title} needs Python 3 that can make a virtual environment: ${endings.join('; ')}.`,
    hint: 'Install Python 3 (Debian and Ubuntu: apt install python3-venv), then try again.',
  });
}

async function pip(title: string, python: string, requirements: string[], onLine: (line: string) => void): Promise<void> {
  const args = ['-m', 'pip', 'install', '--no-cache-dir', '--disable-pip-version-check', '--upgrade', ...requirements];
  const { ok, output, ending } = await runCommand(python, args, {
    onOutput: (text) => {
      const line = /(?:Collecting|Downloading|Installing) [^\n]*/.exec(text)?.[0];
      if (line !== undefined) onLine(line);
    },
  });
  if (ok) return;
  throw new UserError({
    code: 'bench-pip-failed',
    message: `pip could not install ${title} (it ${ending}): ${lastLines(output)}`,
    hint: 'Check the network connection, the free space and pip’s settings, then try again.',
  });
}

/** By importing them: a package that does not load is not ready. */
async function installedVersions(title: string, python: string, packages: readonly string[]): Promise<Record<string, string>> {
  const names = packages.map((name) => name.replace('tensorflow-cpu', 'tensorflow'));
  const code = `import json, ${names.join(', ')}\nprint(json.dumps({m.__name__: m.__version__ for m in (${names.join(', ')},)}))`;
  const { ok, output, ending } = await runCommand(python, ['-c', code], {
    env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3' },
  });
  if (!ok) {
    throw new UserError({
      code: 'bench-import-failed',
      message: `${title} was installed but does not load (${ending}): ${lastLines(output)}`,
    });
  }
  const versions: unknown = JSON.parse(lastLines(output, 1));
  return readyContent.shape.versions.parse(versions);
}
