import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { ColumnNames, RawExample } from '../../engine/data/raw-example.ts';
import { packageFolder } from '../package-folder.ts';

export const columns: ColumnNames = { inputs: ['temp_max', 'temp_min', 'precipitation', 'wind'], targets: ['temp_max'] };

/** Daily weather of Seattle, 2012 to 2015: one row a day, in °C, °C, mm and m/s. Target: the maximum temperature. */
export async function* rows(): AsyncGenerator<RawExample> {
  // The package lets only its main module be resolved: build/index.js.
  const path = join(packageFolder('vega-datasets', '', '..'), 'data', 'seattle-weather.csv');
  let line = 0;
  for await (const text of createInterface({ input: createReadStream(path, 'utf8') })) {
    line++;
    if (line === 1 || text.trim() === '') continue;
    const [, precipitation, maximum, minimum, wind] = text.split(',').map(Number);
    const values = [maximum, minimum, precipitation, wind].map((value) => value ?? Number.NaN);
    if (!values.every(Number.isFinite)) throw new Error(`${path}, line ${line}: expected four numbers, found ${text}`);
    yield {
      line,
      input: { kind: 'series', steps: [values] },
      target: { kind: 'numbers', values: values.slice(0, 1) },
      group: null,
    };
  }
}
