import { provision } from '../engine/backends/provision.ts';
import { ProgressBar } from '../engine/cli/progress-bar.ts';
import { UserError } from '../engine/protocol/envelope.ts';
import { makeEnvironment } from '../engine/toolchain/python-environment.ts';
import { environmentFolder, type PythonPeer, pythonPeers } from './environments.ts';

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

/** A virtual environment with the newest versions. */
async function environment(peer: PythonPeer, progress: Progress): Promise<string> {
  const { title, requirements, size } = pythonPeers[peer];
  say(`${title}: pip downloads the newest version (${size})`);
  const needs = { title, requirements, modules: requirements.map((name) => name.replace('tensorflow-cpu', 'tensorflow')) };
  try {
    const versions = await makeEnvironment(environmentFolder(peer), needs, (line) => progress.show(null, line, null));
    return Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', ');
  } finally {
    progress.clear();
  }
}
