import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { cacheFolder } from '../../toolchain/cache-folder.ts';

/**
 * A Python that can import onnx and onnxruntime, for the tests that run real ONNX; or why there is none. `npm test` prepares one in the
 * user's cache.
 */
export function findOnnx(): { readonly python: string } | { readonly reason: string } {
  const prepared = process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python'];
  const candidates = [
    process.env['UNROLL_ONNX_PYTHON'],
    join(cacheFolder(), 'onnx-python', ...prepared),
    'python3',
    'python',
  ].filter((name) => name !== undefined);
  for (const python of candidates) {
    try {
      execFileSync(python, ['-c', 'import numpy, onnx, onnxruntime'], { stdio: 'ignore' });
      return { python };
    } catch {
      // Not this one.
    }
  }
  return {
    reason: `no Python with onnx and onnxruntime among ${candidates.join(', ')}: npm test prepares one, or set UNROLL_ONNX_PYTHON`,
  };
}
