import '../backends/gradients.tf.ts';
import { beforeAll, describe } from 'vitest';
import { activateBackend } from '../backends/choose.tf.ts';
import type { BackendName } from '../protocol/app.ts';
import { nativeRuntime } from '../toolchain/runtime.ts';
import { bothWaysCells, testBidirectional } from './bidirectional-suite.test-support.tf.ts';

const backends: readonly BackendName[] = ['wasm', ...(nativeRuntime() === null ? [] : (['tensorflow'] as const))];

describe.each(backends)('both directions on %s', (backend) => {
  beforeAll(async () => {
    await activateBackend(backend);
  });
  testBidirectional(bothWaysCells);
});
