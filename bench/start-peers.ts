import { join } from 'node:path';
import { productsVariable } from '../engine/backends/matrix-products.ts';
import { hasBfloat16 } from '../engine/toolchain/processor.ts';
import { nativeRuntime } from '../engine/toolchain/runtime.ts';
import type { BenchBackend } from './cases.ts';
import { findPython, type PythonPeer } from './environments.ts';
import { Peer, type PeerName } from './peer.ts';
import { openPages } from './peer-browser.ts';
import { startProcess } from './peer-process.ts';

/** Threads of each peer. */
export const threads = 2;

/** Each library reads its own. */
const environment: Readonly<Record<string, string>> = Object.fromEntries(
  ['BENCH_THREADS', 'UNROLL_THREADS', 'OMP_NUM_THREADS', 'MKL_NUM_THREADS', 'TF_NUM_INTRAOP_THREADS', 'TF_NUM_INTEROP_THREADS']
    .map((name) => [name, String(threads)])
    .concat([['TF_CPP_MIN_LOG_LEVEL', '3']]),
);

export interface StartedPeers {
  /** Unroll first. */
  readonly peers: readonly Peer[];
  /** Sentences on who is absent, and why. */
  readonly absent: readonly string[];
  close(): Promise<void>;
}

const folder = join(import.meta.dirname, 'peers');

/** Starts everyone who can compute a backend's rows. Unroll itself missing is an error; a missing peer is not. */
export async function startPeers(
  backend: BenchBackend,
  names: readonly PeerName[] = everyone(backend),
): Promise<StartedPeers | { readonly reason: string }> {
  if (backend === 'webgpu') return openPages(names);
  if (backend === 'tensorflow' && nativeRuntime() === null)
    return { reason: 'native TensorFlow is not prepared; npm run bench -- --setup prepares it' };
  const peers: Peer[] = [];
  const absent: string[] = [];
  for (const name of names) {
    if (name === 'unroll' || name === 'unroll_bfloat16' || name === 'tfjs_layers') {
      const args = ['--import', 'tsx', join(folder, 'node.ts'), name === 'tfjs_layers' ? name : 'unroll', backend];
      const own = { ...environment, [productsVariable]: name === 'unroll_bfloat16' ? 'bfloat16' : 'float32' };
      peers.push(new Peer(name, await startProcess(process.execPath, args, own)));
    } else if (backend === 'tensorflow') {
      const started = await startPython(name);
      if (typeof started === 'string') absent.push(started);
      else peers.push(started);
    }
  }
  return { peers, absent, close: async () => void (await Promise.all(peers.map((peer) => peer.close()))) };
}

/** Products in bfloat16 are measured where the processor has instructions for them. */
const everyone = (backend: BenchBackend): readonly PeerName[] => [
  ...(['unroll', 'pytorch', 'keras', 'tfjs_layers'] as const),
  ...(backend === 'tensorflow' ? (['onnxruntime'] as const) : []),
  ...(backend === 'tensorflow' && hasBfloat16() ? (['unroll_bfloat16', 'pytorch_bfloat16'] as const) : []),
];

async function startPython(name: Extract<PythonPeer, PeerName> | 'pytorch_bfloat16'): Promise<Peer | string> {
  const rounded = name === 'pytorch_bfloat16';
  const library = rounded ? 'pytorch' : name;
  const found = findPython(library);
  if ('reason' in found) return `${name}: ${found.reason}`;
  try {
    const own = { ...environment, ...(rounded ? { BENCH_AUTOCAST: 'bfloat16' } : {}) };
    return new Peer(name, await startProcess(found.python, [join(folder, `peer_${library}.py`)], own));
  } catch (error) {
    return `${name}: ${error instanceof Error ? error.message : String(error)}`;
  }
}
