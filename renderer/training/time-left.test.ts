import { expect, it } from 'vitest';
import { formatDuration, formatMoment, formatTimeLeft } from './time-left.ts';

it.each([
  [0, '0:00'],
  [0.02, '0.1 s'],
  [0.34, '0.3 s'],
  [0.96, '0:01'],
  [48.4, '0:48'],
  [59.6, '1:00'],
  [725, '12:05'],
  [3_599.7, '1:00:00'],
  [3_723, '1:02:03'],
  [4 * 3_600 + 3 * 86_400, '3 d 4 h'],
  [Number.NaN, '–'],
  [Number.POSITIVE_INFINITY, '–'],
])('%d seconds is %s', (seconds, text) => {
  expect(formatDuration(seconds)).toBe(text);
});

it('says nothing before the first measurement', () => {
  expect(formatTimeLeft(null)).toBeNull();
  expect(formatTimeLeft(48)).toBe('0:48 left');
  expect(formatTimeLeft(0.3)).toBe('0:00 left');
});

it('names the day only when it is not today', () => {
  const now = new Date(2026, 4, 3, 18, 0).getTime();
  expect(formatMoment(new Date(2026, 4, 3, 9, 5).getTime(), now)).toMatch(/^today /);
  expect(formatMoment(new Date(2025, 4, 3, 9, 5).getTime(), now)).toMatch(/2025/);
});
