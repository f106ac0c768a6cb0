import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** NVIDIA's packages that a TensorFlow wheel's METADATA asks for under `and-cuda`, as pip requirements. */
export function cudaRequirements(metadata: string): string[] {
  return metadata.split(/\r?\n/).flatMap((line) => {
    const found = /^Requires-Dist: (nvidia-[^;]+?)\s*;.*\bextra == ["']and-cuda["']/.exec(line);
    return found?.[1] === undefined ? [] : [found[1].replaceAll(/[\s()]/g, '')];
  });
}

/** What TensorFlow opens by name while it starts on a GPU. */
const opened = /^lib(cudart|cublas|cublasLt|cufft|curand|cusolver|cusparse|cudnn|cupti|nccl|nvJitLink)\.so\.\d+$/;

/**
 * Makes the binding need NVIDIA's libraries by path. TensorFlow opens them by bare name, so they must be in the process
 * before; a library path cannot be set in a process that already runs.
 *
 * @param folder holds `nvidia/NAME/lib/` as in the wheels.
 */
export async function cudaLinkOptions(folder: string): Promise<string[]> {
  const packages = await readdir(join(folder, 'nvidia'));
  const options = ['-Wl,--no-as-needed', '-Wl,--allow-shlib-undefined'];
  for (const name of packages.sort()) {
    const files = (await readdir(join(folder, 'nvidia', name, 'lib')).catch(() => [])).filter((file) => opened.test(file));
    options.push(...files.map((file) => join(folder, 'nvidia', name, 'lib', file)), `-Wl,-rpath,$ORIGIN/nvidia/${name}/lib`);
  }
  return options;
}
