import { expect, it } from 'vitest';
import { naiveForecast } from './naive-forecast.ts';

const window = (length: number, horizon: number, season: number | null) => ({ length, horizon, season, stride: 1 });

it('says the last value, or that of the same step of a season before', () => {
  expect(naiveForecast(window(5, 3, null))).toEqual({ name: 'last value', step: 4 });
  for (let length = 1; length <= 12; length++) {
    for (let horizon = 1; horizon <= 6; horizon++) {
      for (let season = 2; season <= 6; season++) {
        // The target stands `horizon` steps after the window's last: of the steps that are shown, the latest of its phase.
        const target = length - 1 + horizon;
        const shown = Array.from({ length }, (_unused, step) => step).filter((step) => (target - step) % season === 0);
        const step = shown.at(-1);
        if (step === undefined) {
          let needed = length + 1;
          while (!Array.from({ length: needed }, (_unused, i) => i).some((i) => (needed - 1 + horizon - i) % season === 0))
            needed++;
          expect(() => naiveForecast(window(length, horizon, season))).toThrow(
            `a window of at least ${needed} steps, found ${length}`,
          );
        } else expect(naiveForecast(window(length, horizon, season))).toEqual({ name: `seasonal naive, ${season} steps`, step });
      }
    }
  }
});
