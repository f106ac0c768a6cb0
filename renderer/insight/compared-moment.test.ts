import { expect, it } from 'vitest';
import { comparedMomentWords, nearestMoment } from './compared-moment.ts';

it('of what a run keeps, the step nearest to another run’s is compared with it', () => {
  expect(nearestMoment([0, 100, 220], 100)).toBe(100);
  expect(nearestMoment([220, 0, 100], 170)).toBe(220);
  expect(nearestMoment([200, 100], 150), 'of two as near the earlier').toBe(100);
  expect(nearestMoment([5], 9000)).toBe(5);
  expect(nearestMoment([], 7)).toBeNull();
});

it('tells which weights of both runs are compared', () => {
  const at = (step: number) => ({ step, weights: { step } });
  const words = (own: Parameters<typeof comparedMomentWords>[0], other: Parameters<typeof comparedMomentWords>[1]) =>
    comparedMomentWords(own, other, 'LSTM', 'RNN');
  expect(words(at(1200), at(1200))).toBe('Both at step 1,200.');
  expect(words(at(1200), at(1150))).toBe('LSTM: step 1,200. RNN: step 1,150, the nearest that it keeps.');
  expect(words(at(40), { step: 900, weights: 'best' })).toBe(
    'LSTM: step 40. RNN keeps no moment of its training: its best weights, step 900.',
  );
  expect(words({ step: 700, weights: 'live' }, { step: 900, weights: 'best' })).toBe(
    'LSTM: as it trains, step 700. RNN: its best weights, step 900.',
  );
  expect(words({ step: 700, weights: 'last' }, { step: 3, weights: 'last' })).toBe(
    'LSTM: its last weights, step 700. RNN: its last weights, step 3.',
  );
});
