/** The type of number in which cuDNN runs a sequence. What comes in and goes out is float32 in any case. */
export type CudnnPrecision = 'float32' | 'float16';

let inUse: CudnnPrecision | null = null;

/** Puts cuDNN's kernels into use, once they have passed their check (`engine/backends/cudnn.tf.ts`); `null` takes them out of it. */
export function setCudnn(precision: CudnnPrecision | null): void {
  inUse = precision;
}

/** In which type cuDNN computes here; `null` where it is not in use. */
export const cudnnPrecision = (): CudnnPrecision | null => inUse;
