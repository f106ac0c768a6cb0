let allowed = false;
let steps = 0;

/** Whether a training step may round what its matrix products multiply to bfloat16: once the kernels have passed their check in it. */
export function allowBfloat16(allow: boolean): void {
  allowed = allow;
}

export const isBfloat16Allowed = (): boolean => allowed;

/**
 * Runs a training step: the only place where products are rounded. Evaluation, predictions, looks inside and exports compute in float32,
 * from float32 weights. Not to be given a promise.
 */
export function inTraining<T>(run: () => T): T {
  steps += 1;
  try {
    return run();
  } finally {
    steps -= 1;
  }
}

/** Whether an op that is called now rounds the factors of its products to bfloat16. */
export const roundsProducts = (): boolean => allowed && steps > 0;
