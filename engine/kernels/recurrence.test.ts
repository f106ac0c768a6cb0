import '../backends/gradients.tf.ts';
import { beforeAll, describe } from 'vitest';
import { activateBackend } from '../backends/choose.tf.ts';
import type { BackendName } from '../protocol/app.ts';
import { nativeRuntime } from '../toolchain/runtime.ts';
import { allCells, testRecurrence } from './recurrence-suite.test-support.tf.ts';

// Native TensorFlow only where it has been prepared.
const backends: readonly BackendName[] = ['javascript', 'wasm', ...(nativeRuntime() === null ? [] : (['tensorflow'] as const))];

describe.each(backends)('recurrence on %s', (backend) => {
  beforeAll(async () => {
    await activateBackend(backend);
  });
  testRecurrence(allCells);
});
