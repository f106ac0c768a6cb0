import { spawnSync } from 'node:child_process';

/** TensorFlow's version; tfjs-node's binding compiles against its C API, which is stable. */
export const tensorflowVersion = '2.21.0';
const bindingVersion = '4.22.0';
/** Raised when the layout of a prepared folder changes, so that an older one is not taken for a new one. */
const layout = 1;

/** Which published build of TensorFlow fits this machine. */
export interface Distribution {
  /** Name of the folder that it is prepared in: everything that decides its content. */
  readonly key: string;
  readonly kind: 'cpu' | 'cuda';
  /** pip's requirement, exact. */
  readonly requirement: string;
  /** pip's options that pick the build for this machine, whatever Python runs pip. */
  readonly pipOptions: readonly string[];
  /** Members of the wheel that are unpacked: the libraries (linked against) … */
  readonly libraries: readonly string[];
  /** … and folders or name prefixes of headers. */
  readonly headers: readonly string[];
  /** Free bytes needed while preparing. */
  readonly diskBytes: number;
}

export type DistributionChoice =
  | { readonly ok: true; readonly distribution: Distribution }
  | { readonly ok: false; readonly reason: string };

export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly arch: string;
  /** e.g. '2.36'; `null` where the C library is another one (Alpine) or not a question. */
  readonly glibc: string | null;
  /** Name of the first NVIDIA GPU that the driver shows. */
  readonly gpu: string | null;
}

export function thisMachine(): Machine {
  return { platform: process.platform, arch: process.arch, glibc: glibc(), gpu: nvidiaGpu()?.name ?? null };
}

const headers = ['tensorflow/c/', 'tensorflow/core/platform/ctstring', 'tsl/platform/ctstring', 'xla/tsl/c/'].map(
  (folder) => `tensorflow/include/${folder}`,
);
const linuxLibraries = ['tensorflow/libtensorflow_cc.so.2', 'tensorflow/libtensorflow_framework.so.2'];
const macLibraries = ['tensorflow/libtensorflow_cc.2.dylib', 'tensorflow/libtensorflow_framework.2.dylib'];
const gigabyte = 1e9;

/** The build for a machine, or why there is none. */
export function chooseDistribution(machine: Machine): DistributionChoice {
  const { platform, arch, glibc } = machine;
  const tags = wheelPlatforms(machine);
  if (tags === null) {
    const elsewhere = 'Use WebGPU in the window, or WASM.';
    if (platform === 'win32')
      return { ok: false, reason: `TensorFlow's Windows build holds no library to link against. ${elsewhere}` };
    if (platform === 'linux' && glibc === null)
      return { ok: false, reason: `TensorFlow is published for glibc only, and this system has another C library. ${elsewhere}` };
    return { ok: false, reason: `TensorFlow ${tensorflowVersion} is not published for ${platform} ${arch}. ${elsewhere}` };
  }
  const cuda = machine.gpu !== null && platform === 'linux' && arch === 'x64';
  // Only x64 Linux has a build without CUDA under a name of its own; the others' only build is one.
  const name = platform === 'linux' && arch === 'x64' && !cuda ? 'tensorflow-cpu' : 'tensorflow';
  const kind = cuda ? 'cuda' : 'cpu';
  return {
    ok: true,
    distribution: {
      key: `tensorflow-${tensorflowVersion}-${kind}-${platform}-${arch}-tfjs-${bindingVersion}-${layout}`,
      kind,
      requirement: `${name}==${tensorflowVersion}`,
      pipOptions: ['--python-version', '3.12', '--implementation', 'cp', ...tags.flatMap((tag) => ['--platform', tag])],
      libraries: platform === 'darwin' ? macLibraries : linuxLibraries,
      headers,
      diskBytes: cuda ? 14 * gigabyte : 1.4 * gigabyte,
    },
  };
}

/** pip does not derive the older manylinux names, which NVIDIA's wheels carry, from the newer. */
function wheelPlatforms({ platform, arch, glibc }: Machine): readonly string[] | null {
  if (platform === 'darwin') return arch === 'arm64' ? ['macosx_12_0_arm64'] : null;
  if (platform !== 'linux' || glibc === null || !atLeast(glibc, 2, 27)) return null;
  const cpu = { x64: 'x86_64', arm64: 'aarch64' }[arch];
  return cpu === undefined ? null : ['manylinux_2_27', 'manylinux_2_17', 'manylinux2014'].map((name) => `${name}_${cpu}`);
}

function atLeast(version: string, major: number, minor: number): boolean {
  const [a = 0, b = 0] = version.split('.').map(Number);
  return a > major || (a === major && b >= minor);
}

let knownGlibc: string | null = null;

/** Asked once: Node writes a whole report for it, with every open handle, and the list of devices is asked for at each turn. */
function glibc(): string | null {
  knownGlibc ??= glibcVersion();
  return knownGlibc;
}

function glibcVersion(): string | null {
  if (process.platform !== 'linux') return null;
  const report: unknown = process.report.getReport();
  const header = typeof report === 'object' && report !== null && 'header' in report ? report.header : null;
  const version =
    typeof header === 'object' && header !== null && 'glibcVersionRuntime' in header ? header.glibcVersionRuntime : null;
  return typeof version === 'string' ? version : null;
}

/** The first NVIDIA GPU that the driver shows. */
export interface NvidiaGpu {
  readonly name: string;
  /** All of its memory; `null` where the driver does not tell. What is free says little: TensorFlow takes nearly all at its start. */
  readonly bytes: number | null;
}

let gpu: NvidiaGpu | null | undefined;

/** Asks the driver once; `CUDA_VISIBLE_DEVICES=''` or `-1` hides the GPU, as everywhere with CUDA. */
export function nvidiaGpu(): NvidiaGpu | null {
  if (['', '-1'].includes(process.env['CUDA_VISIBLE_DEVICES'] ?? 'all')) return null;
  if (gpu !== undefined) return gpu;
  const query = ['--query-gpu=name,memory.total', '--format=csv,noheader,nounits'];
  const answer = spawnSync('nvidia-smi', query, { encoding: 'utf8', timeout: 5000 });
  gpu = answer.status === 0 ? readGpu(answer.stdout) : null;
  return gpu;
}

/** The first line of the driver's answer: `NVIDIA L4, 23034`, in MiB. */
export function readGpu(answer: string): NvidiaGpu | null {
  const [name = '', memory = ''] = (answer.split('\n')[0] ?? '').split(',').map((part) => part.trim());
  if (name === '') return null;
  return { name, bytes: /^\d+$/.test(memory) ? Number(memory) * 2 ** 20 : null };
}
