import { expect, test, vi } from 'vitest';
import { acceleratedCell } from '../cells/registry.ts';
import { implementationName } from '../kernels/implementations.tf.ts';
import { activateBackend } from './choose.tf.ts';

test('where WebAssembly has no shared memory, WASM trains without our kernels, and says so', async () => {
  const Memory = WebAssembly.Memory;
  vi.spyOn(WebAssembly, 'Memory').mockImplementation((descriptor: WebAssembly.MemoryDescriptor) => {
    if (descriptor.shared === true) throw new RangeError('could not allocate memory');
    return new Memory(descriptor);
  });
  const { description, selfCheckError } = await activateBackend('wasm');
  expect(description).toBe('WASM · SIMD · 1 thread · no fused kernels');
  expect(selfCheckError).toBeLessThan(1e-4);
  const cell = acceleratedCell('rnn-cell', { hidden: 2, activation: 'tanh' });
  const problem = { cell, steps: 1, rows: 1, lengths: Int32Array.of(1), reverse: false, inputGradient: false };
  expect(implementationName(problem)).toBe('composed');
});
