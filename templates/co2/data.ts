import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { ColumnNames, RawExample } from '../../engine/data/raw-example.ts';
import { packageFolder } from '../package-folder.ts';

export const columns: ColumnNames = { inputs: ['change', 'level'], targets: ['change'] };

/** Before this month the record has gaps. */
const first = '1964-05-01';

/**
 * Carbon dioxide in the air over Mauna Loa, month by month, June 1964 to April 2020: its change since the month before, and how far
 * it stands above the mean of the twelve months that end with this one, both in ppm. Target: the change. A forecast of the change is a
 * forecast of the level, which is known up to the month before, with the same error; but a change, unlike the level, does not leave
 * the range that was seen in training as the years go by.
 */
export async function* rows(): AsyncGenerator<RawExample> {
  // The package lets only its main module be resolved: build/index.js.
  const path = join(packageFolder('vega-datasets', '', '..'), 'data', 'co2-concentration.csv');
  const year: number[] = [];
  let line = 0;
  for await (const text of createInterface({ input: createReadStream(path, 'utf8') })) {
    line++;
    const [month = '', concentration = ''] = text.split(',');
    if (line === 1 || text.trim() === '' || month < first) continue;
    const level = Number(concentration);
    if (!Number.isFinite(level) || concentration === '')
      throw new Error(`${path}, line ${line}: expected a number, found ${text}`);
    const before = year.at(-1);
    year.push(level);
    if (year.length > 12) year.shift();
    if (before === undefined) continue;
    const change = hundredths(level - before);
    const mean = year.reduce((sum, value) => sum + value, 0) / year.length;
    yield {
      line,
      input: { kind: 'series', steps: [[change, hundredths(level - mean)]] },
      target: { kind: 'numbers', values: [change] },
      group: null,
    };
  }
}

/** The record has two decimals; so has a difference of two of its numbers. */
const hundredths = (value: number): number => Math.round(value * 100) / 100;
