import type { WindowSettings } from '../document/data-binding.ts';
import { UserError } from '../protocol/envelope.ts';

/** What a forecast is measured against: a value that the window itself shows. */
export interface NaiveForecast {
  readonly name: string;
  /** Step of the window whose value is said, from 0. */
  readonly step: number;
}

/**
 * Without a season the window's last value; with one the value of the same step of the last season that is known (seasonal naive:
 * “as in the same month a year before”). Source: Hyndman & Athanasopoulos, “Forecasting: Principles and Practice”, 5.2.
 *
 * @throws UserError `season-outside-window` when the window is too short to show that value
 */
export function naiveForecast({ length, horizon, season }: WindowSettings): NaiveForecast {
  if (season === null) return { name: 'last value', step: length - 1 };
  const back = season * Math.ceil(horizon / season);
  const step = length - 1 + horizon - back;
  if (step < 0) {
    throw new UserError({
      code: 'season-outside-window',
      message: `a season of ${season} steps and a horizon of ${horizon} need a window of at least ${back - horizon + 1} steps, found ${length}`,
      hint: 'Make the window longer, or the season shorter.',
    });
  }
  return { name: `seasonal naive, ${season} steps`, step };
}
