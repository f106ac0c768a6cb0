import { expect, it } from 'vitest';
import { beatsBaseline, formatCount, formatMetric, formatTick, metricTitle } from './metric-format.ts';

it.each([
  ['accuracy', 0.9618, '96.2 %'],
  ['macro-f1', 0, '0.0 %'],
  ['loss', 0.11837, '0.1184'],
  ['loss', 0.000012, '1.20e-5'],
  ['loss', Number.NaN, 'NaN'],
  ['perplexity', Number.POSITIVE_INFINITY, '∞'],
  ['rmse', Number.NEGATIVE_INFINITY, '−∞'],
  ['loss', Number.POSITIVE_INFINITY, '∞'],
  ['rmse', 3.14259, '3.143'],
  ['perplexity', 1234.5, '1,235'],
  ['mae', null, '–'],
  ['log-likelihood', -2.5, '−2.500'],
])('%s of %s is written %s', (metric, value, text) => {
  expect(formatMetric(metric, value)).toBe(text);
});

it('names known metrics and reads unknown ones', () => {
  expect(metricTitle('macro-f1')).toBe('macro F1');
  expect(metricTitle('brier-score')).toBe('brier score');
});

it('shortens counts', () => {
  expect(formatCount(812)).toBe('812');
  expect(formatCount(61_234)).toBe('61k');
  expect(formatCount(1_234_567)).toBe('1.2M');
});

it('compares with the baseline in the metric’s own direction', () => {
  const headline = { metric: 'accuracy', higherIsBetter: true, baseline: 0.5, baselineName: 'majority class' };
  const best = { step: 1, value: 0.6 };
  expect(beatsBaseline({ headline, best })).toBe(true);
  expect(beatsBaseline({ headline: { ...headline, higherIsBetter: false }, best })).toBe(false);
  expect(beatsBaseline({ headline, best: null })).toBeNull();
});

it('keeps axis ticks short', () => {
  expect([0.25, 0.30000000000000004, 2, 0.0001, 0].map((tick) => formatTick(tick, false))).toEqual([
    '0.25',
    '0.3',
    '2',
    '1e-4',
    '0',
  ]);
  expect(formatTick(0.7000000000000001, true)).toBe('70 %');
  // The sign for minus; of an exponent, as it is typed.
  expect([formatTick(-0.5, false), formatTick(-0.0002, false), formatTick(-0.5, true)]).toEqual(['−0.5', '−2e-4', '−50 %']);
});
