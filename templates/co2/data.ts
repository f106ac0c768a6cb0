import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { ColumnNames, RawExample } from '../../engine/data/raw-example.ts';
import { packageFolder } from '../package-folder.ts';

export const columns: ColumnNames = { inputs: ['change', 'anomaly', 'usual next'], targets: ['change'] };

/** Before this month the record has gaps. */
const first = '1964-05-01';

/**
 * Carbon dioxide in the air over Mauna Loa, month by month, June 1967 to April 2020, in ppm: its change since the month before, how far
 * that is from what this month changed on average in the three years before, and what the next month did in the three years before
 * it. Target: the change. A forecast of the change is a forecast of the level, which is known up to the month before, with the same
 * error; but a change, unlike the level, does not leave the range that was seen in training as the years go by.
 */
export async function* rows(): AsyncGenerator<RawExample> {
  // The package lets only its main module be resolved: build/index.js.
  const path = join(packageFolder('vega-datasets', '', '..'), 'data', 'co2-concentration.csv');
  const changes: number[] = [];
  let before: number | null = null;
  let line = 0;
  for await (const text of createInterface({ input: createReadStream(path, 'utf8') })) {
    line++;
    const [month = '', concentration = ''] = text.split(',');
    if (line === 1 || text.trim() === '' || month < first) continue;
    const level = Number(concentration);
    if (!Number.isFinite(level) || concentration === '')
      throw new Error(`${path}, line ${line}: expected a number, found ${text}`);
    if (before !== null) changes.push(hundredths(level - before));
    before = level;
    const [change, usual, next] = [changes.at(-1), usualChange(changes, 0), usualChange(changes, 1)];
    if (change === undefined || usual === null || next === null) continue;
    yield {
      line,
      input: { kind: 'series', steps: [[change, hundredths(change - usual), hundredths(next)]] },
      target: { kind: 'numbers', values: [change] },
      group: null,
    };
  }
}

/**
 * Mean change, in ppm, that a month had in the three years before: of the last month (`ahead` 0) or of the one after it (1); `null`
 * where the record is too short for it.
 */
function usualChange(changes: readonly number[], ahead: 0 | 1): number | null {
  const past = [1, 2, 3].map((years) => changes[changes.length - 1 + ahead - 12 * years]);
  return past.reduce<number | null>((sum, each) => (sum === null || each === undefined ? null : sum + each / past.length), 0);
}

/** The record has two decimals; so has a difference of two of its numbers. */
const hundredths = (value: number): number => Math.round(value * 100) / 100;
