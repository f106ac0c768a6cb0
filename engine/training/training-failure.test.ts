import { describe, expect, it } from 'vitest';
import { setCudnn } from '../kernels/cudnn/precision.ts';
import { UserError } from '../protocol/envelope.ts';
import { describeTrainingError, notFinite } from './training-failure.ts';

describe('what ran out of memory says so, and what to do', () => {
  it.each([
    new RangeError('Array buffer allocation failed'),
    new RangeError('Invalid typed array length: 5000000000'),
    new Error('Aborted(OOM). Build with -sASSERTIONS for more info.'),
    new WebAssembly.RuntimeError('memory access out of bounds'),
    new Error('OOM when allocating tensor with shape[64,80,5000]'),
    new Error('ResourceExhaustedError: failed to allocate memory'),
  ])('%s', (error) => {
    const described = describeTrainingError(error, 64);
    if (!(described instanceof UserError)) throw new Error('not described');
    expect(described.failure.code).toBe('out-of-memory');
    expect(described.failure.message).toContain('64 examples');
    expect(described.failure.hint).toContain('try 32');
  });

  it('leaves a bug as it is', () => {
    const bug = new TypeError("Cannot read properties of undefined (reading 'shape')");
    expect(describeTrainingError(bug, 64)).toBe(bug);
    const told = new UserError({ code: 'too-large', message: 'Out of memory on the graphics card.' });
    expect(describeTrainingError(told, 64)).toBe(told);
  });
});

it('a diverging loss suggests clipping only where it is off', () => {
  const loss = { what: 'loss', value: Number.NaN, step: 7 } as const;
  expect(notFinite(loss, { epoch: 0, learningRate: 0.1, clipNorm: null }).failure.hint).toContain('turn on gradient clipping');
  const clipped = notFinite(loss, { epoch: 0, learningRate: 0.1, clipNorm: 5 }).failure;
  expect(clipped.hint).toContain('clip gradients below 5');
  expect(clipped.message).toContain('at step 7, in epoch 1');
});

it('a diverging loss names the range of float16 where cuDNN computes in it', () => {
  const hint = (): string | undefined =>
    notFinite({ what: 'loss', value: Number.NaN, step: 7 }, { epoch: 0, learningRate: 0.1, clipNorm: 5 }).failure.hint;
  expect(hint()).not.toContain('float16');
  setCudnn('float16');
  expect(hint()).toContain('float16');
  setCudnn(null);
});
