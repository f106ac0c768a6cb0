/**
 * NVIDIA's packages that a TensorFlow wheel's METADATA asks for under `and-cuda`, as pip requirements. Unpacked beside
 * `tensorflow/` they lie where its libraries look for them (`$ORIGIN/../nvidia/NAME/lib`).
 */
export function cudaRequirements(metadata: string): string[] {
  return metadata.split(/\r?\n/).flatMap((line) => {
    const found = /^Requires-Dist: (nvidia-[^;]+?)\s*;.*\bextra == ["']and-cuda["']/.exec(line);
    return found?.[1] === undefined ? [] : [found[1].replaceAll(/[\s()]/g, '')];
  });
}
