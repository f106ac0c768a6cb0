import { join } from 'node:path';
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
  names: readonly PeerName[] = ['unroll', 'pytorch', 'keras', 'tfjs_layers'],
): Promise<StartedPeers | { readonly reason: string }> {
  if (backend === 'webgpu') return openPages(names);
  if (backend === 'tensorflow' && nativeRuntime() === null)
    return { reason: 'native TensorFlow is not prepared; npm run bench -- --setup prepares it' };
  const peers: Peer[] = [];
  const absent: string[] = [];
  for (const name of names) {
    if (name === 'unroll' || name === 'tfjs_layers') {
      const args = ['--import', 'tsx', join(folder, 'node.ts'), name, backend];
      peers.push(new Peer(name, await startProcess(process.execPath, args, environment)));
    } else if (backend === 'tensorflow') {
      const started = await startPython(name);
      if (typeof started === 'string') absent.push(started);
      else peers.push(started);
    }
  }
  return { peers, absent, close: async () => void (await Promise.all(peers.map((peer) => peer.close()))) };
}

async function startPython(name: Extract<PythonPeer, PeerName>): Promise<Peer | string> {
  const found = findPython(name);
  if ('reason' in found) return `${name}: ${found.reason}`;
  try {
    return new Peer(name, await startProcess(found.python, [join(folder, `peer_${name}.py`)], environment));
  } catch (error) {
    return `${name}: ${error instanceof Error ? error.message : String(error)}`;
  }
}
