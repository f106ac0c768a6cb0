import { join } from 'node:path';
import { findOnnx } from '../engine/export/onnx/find-onnx.ts';
import { findTorch } from '../engine/export/pytorch/find-torch.ts';
import { cacheFolder } from '../engine/toolchain/cache-folder.ts';
import { environmentPython, environmentVersions } from '../engine/toolchain/python-environment.ts';

/** The peers that need a Python of their own, and what pip installs there: the newest that the user's index has. */
export const pythonPeers = {
  pytorch: { title: 'PyTorch', requirements: ['torch', 'numpy'], size: 'up to 6 GB where the index has only builds with CUDA' },
  onnxruntime: { title: 'onnxruntime', requirements: ['onnxruntime', 'onnx', 'numpy'], size: 'about 60 MB' },
  datasets: { title: 'Hugging Face datasets', requirements: ['datasets', 'tokenizers'], size: 'about 400 MB' },
  keras: { title: 'Keras', requirements: ['keras', tensorflowRequirement()], size: 'about 1.6 GB' },
} as const;
export type PythonPeer = keyof typeof pythonPeers;

/** A build without CUDA where there is one. */
function tensorflowRequirement(): string {
  return process.platform === 'linux' && process.arch === 'x64' ? 'tensorflow-cpu' : 'tensorflow';
}

export const environmentFolder = (peer: PythonPeer): string => join(cacheFolder(), 'bench', peer);

/** A Python with the peer: the one that `--setup` made, or for PyTorch and onnxruntime one that is there for tests and exports; otherwise what is missing. */
export function findPython(peer: PythonPeer): { readonly python: string } | { readonly reason: string } {
  const folder = environmentFolder(peer);
  if (environmentVersions(folder) !== null) return { python: environmentPython(folder) };
  const found = peer === 'pytorch' ? findTorch() : peer === 'onnxruntime' ? findOnnx() : null;
  if (found !== null && 'python' in found) return found;
  return { reason: 'not installed; npm run bench -- --setup makes its environment' };
}
