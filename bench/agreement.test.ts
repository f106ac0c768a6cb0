import { describe, expect, test } from 'vitest';
import { disagreements, requireAgreement } from './agreement.ts';

const ours = [0.69, 0.66, 0.63];

describe('peers must compute the same', () => {
  test('rounding is no difference', () => {
    expect(disagreements(ours, [{ peer: 'PyTorch', losses: [0.69001, 0.66005, 0.6301], training: 'same' }])).toEqual([]);
  });

  test('a first loss that differs is named, with both values', () => {
    const [found] = disagreements(ours, [{ peer: 'Keras', losses: [0.7, 0.66, 0.63], training: 'one-bias' }]);
    expect(found).toMatch(/step 1 is 0.7 for Keras and 0.69 for unroll/);
  });

  test('a peer that does not train is found by its later losses', () => {
    const standing = [0.69, 0.69, 0.69];
    expect(disagreements(ours, [{ peer: 'PyTorch', losses: standing, training: 'same' }])).toHaveLength(2);
    expect(disagreements(ours, [{ peer: 'Keras', losses: standing, training: 'one-bias' }])).toHaveLength(2);
  });

  test('one bias in place of two may lead a little astray where training goes fast, and no further', () => {
    const fast = [0.69, 0.5, 0.29];
    expect(disagreements(fast, [{ peer: 'Keras', losses: [0.69, 0.504, 0.28], training: 'one-bias' }])).toEqual([]);
    expect(disagreements(fast, [{ peer: 'Keras', losses: [0.69, 0.504, 0.26], training: 'one-bias' }])).toHaveLength(1);
    expect(disagreements(fast, [{ peer: 'PyTorch', losses: [0.69, 0.504, 0.28], training: 'same' }])).toHaveLength(2);
  });

  test('the mean of an epoch has gone all the way from the untrained loss', () => {
    // Found of a tagger of 17 classes: PyTorch with its second bias held still gives 1.8165, too.
    const mean = { peer: 'Keras', losses: [1.8165], training: 'one-bias', untrained: Math.log(17) } as const;
    expect(disagreements([1.7994], [mean])).toEqual([]);
    expect(disagreements([1.7994], [{ ...mean, losses: [1.9] }])).toHaveLength(1);
    expect(disagreements([1.7994], [{ ...mean, training: 'same' }])).toHaveLength(1);
  });

  test('bfloat16 may differ by its rounding, and no further', () => {
    expect(disagreements(ours, [{ peer: 'PyTorch', losses: [0.692, 0.665, 0.638], training: 'rounded' }])).toEqual([]);
    expect(disagreements(ours, [{ peer: 'PyTorch', losses: [0.7, 0.665, 0.66], training: 'rounded' }])).toHaveLength(2);
  });

  test('with a frozen embedding only the first loss counts', () => {
    expect(disagreements(ours, [{ peer: 'tfjs-layers', losses: [0.69, 0.68, 0.67], training: 'frozen' }])).toEqual([]);
    expect(disagreements(ours, [{ peer: 'tfjs-layers', losses: [0.5, 0.68, 0.67], training: 'frozen' }])).toHaveLength(1);
  });

  test('a loss that is no number agrees with nothing', () => {
    expect(disagreements([Number.NaN], [])).toHaveLength(1);
    expect(disagreements(ours, [{ peer: 'PyTorch', losses: [Number.NaN, 0.66, 0.63], training: 'same' }])).toHaveLength(1);
    expect(disagreements(ours, [{ peer: 'PyTorch', losses: [0.69], training: 'same' }])).toHaveLength(1);
  });

  test('nothing is reported then', () => {
    const other = { peer: 'PyTorch', losses: [1, 1, 1], training: 'same' } as const;
    expect(() => requireAgreement('LSTM row', ours, [other])).toThrow(/LSTM row: the peers do not compute the same.*PyTorch/);
    expect(() => requireAgreement('LSTM row', ours, [])).not.toThrow();
  });
});
