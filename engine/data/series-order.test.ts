import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { dataBinding } from '../document/data-binding.ts';
import { stepCount, stepStart } from './batches.ts';
import type { EncodedSplit, PreparedData } from './dataset.ts';
import { decodeNumbers } from './encode.ts';
import { prepareData } from './prepare.ts';
import { previewFile } from './preview.ts';

const folder = mkdtempSync(join(tmpdir(), 'unroll-order-'));
afterAll(() => rmSync(folder, { recursive: true }));

function forecast(name: string, text: string, reader: object = {}): Promise<PreparedData> {
  const path = join(folder, name);
  writeFileSync(path, text);
  const mapping = { format: 'delimited', header: true, inputColumns: ['v'], targetColumns: ['v'], ...reader };
  return prepareData(
    dataBinding.parse({
      source: { kind: 'file', path, reader: mapping },
      task: 'forecasting',
      window: { length: 3, horizon: 1 },
      split: { validation: 0.2, test: 0.2 },
    }),
  );
}

/** Windows with what follows them, in the file's numbers. */
function windows({ encoding }: PreparedData, split: EncodedSplit): number[][] {
  const { inputNormalization: input, targetNormalization: target } = encoding;
  if (!input || !target) throw new Error('no numbers');
  return Array.from({ length: split.count }, (_unused, i) => [
    ...decodeNumbers(input, split.series?.subarray(stepStart(split, i), stepStart(split, i) + stepCount(split, i)) ?? []),
    ...decodeNumbers(target, split.numberTargets?.subarray(i, i + 1) ?? []),
  ]).map((row) => row.map((value) => Math.round(value) + 0));
}

const day = (i: number): string => new Date(Date.UTC(2024, 0, 1 + i)).toISOString().slice(0, 10);
const days = (count: number): number[] => Array.from({ length: count }, (_unused, i) => i);

describe('several series in one file', () => {
  it('give windows inside a group only, and each group is split by its own time', async () => {
    const rows = days(20).flatMap((i) => [`A,${day(i)},${i}`, `B,${day(i)},${100 + i}`]);
    const data = await forecast('mixed.csv', `g,date,v\n${rows.join('\n')}\n`, { groupColumn: 'g' });
    for (const [name, starts] of [
      ['train', days(9)],
      ['validation', [12]],
      ['test', [16]],
    ] as const) {
      const expected = [0, 100].flatMap((of) => starts.map((start) => days(4).map((k) => of + start + k)));
      expect(windows(data, data.splits[name]), name).toEqual(expected);
    }
    expect(data.report.warnings).toEqual([]);
  });

  it('are told of where one is too short to learn from', async () => {
    // 3 of its 5 rows are for training, and a window takes 4.
    const rows = [...days(20).map((i) => `A,${day(i)},${i}`), ...days(5).map((i) => `B,${day(i)},${100 + i}`)];
    const data = await forecast('short.csv', `g,date,v\n${rows.join('\n')}\n`, { groupColumn: 'g' });
    expect(windows(data, data.splits.train)).toEqual(days(9).map((start) => days(4).map((k) => start + k)));
    expect(data.report.warnings).toEqual(['1 of 2 groups are too short for a window in training: nothing is learned from them.']);
  });

  it('are noticed where a time begins anew with each', async () => {
    const told = async (name: string, header: string, row: (g: number, i: number) => string) => {
      const rows = days(4).flatMap((g) => days(5).map((i) => row(g, i)));
      const { report } = await forecast(name, `${header}\n${rows.join('\n')}\n`, { timeColumn: null });
      return report.warnings.filter((warning) => warning.includes('several series'));
    };
    expect(await told('lands.csv', 'land,year,v', (g, i) => `${'abcd'[g]},${2000 + i},${i}`)).toEqual([
      expect.stringContaining('“year” begins anew where “land” changes. To keep them apart, choose “land” as “Keep together”'),
    ]);
    expect(await told('ids.csv', 'user id,t,v', (g, i) => `${g},${i},${i}`)).toHaveLength(1);
    expect(await told('back.csv', 'on,t,v', (g, i) => `${'abca'[g]},${i},${i}`)).toEqual([]);
    // A year with its months and a day with its hours are one series; so are rows whose time goes on.
    expect(await told('years.csv', 'year,month,v', (g, i) => `${2000 + g},${1 + i},${i}`)).toEqual([]);
    expect(await told('hours.csv', 'date,time,v', (g, i) => `${day(g)},0${i}:00,${i}`)).toEqual([]);
    expect(await told('on.csv', 'land,year,v', (g, i) => `${'abcd'[g]},${2000 + 5 * g + i},${i}`)).toEqual([]);
    expect(await told('mixed-up.csv', 'land,year,v', (g, i) => `${'abcd'[g]},${2000 + ((3 * i) % 5)},${i}`)).toEqual([]);
  });

  it('are noticed by their dates where nobody has named the group', async () => {
    const rows = ['A', 'B'].flatMap((g) => days(10).map((i) => `${g},${day(i)},${i}`));
    const { report } = await forecast('unnamed.csv', `g,date,v\n${rows.join('\n')}\n`);
    expect(report.warnings).toEqual([
      expect.stringContaining('two series one after the other: “date” begins anew where “g” changes'),
      expect.stringContaining('not in the order of “date”'),
      expect.stringContaining('10 rows have the same “date”'),
    ]);
    const side = days(10).flatMap((i) => [`A,${day(i)},${i}`, `B,${day(i)},${i}`]);
    const mixed = await forecast('side.csv', `g,date,v\n${side.join('\n')}\n`);
    expect(mixed.report.warnings).toEqual([expect.stringContaining('10 rows have the same “date”')]);
  });
});

describe('dates', () => {
  const newestFirst = `date,v\n${days(20)
    .reverse()
    .map((i) => `${day(i)},${i}`)
    .join('\n')}\n`;

  it('sort a series that is newest first, and it is said', async () => {
    const data = await forecast('newest.csv', newestFirst);
    expect(windows(data, data.splits.train)[0]).toEqual([0, 1, 2, 3]);
    expect(windows(data, data.splits.test)).toEqual([[16, 17, 18, 19]]);
    expect(data.splits.train.lines[0]).toBe(18);
    expect(data.report.warnings).toEqual(['The rows are newest first: they are sorted by “date”, oldest first.']);
    const asTheFile = await forecast('kept.csv', newestFirst, { timeColumn: null });
    expect(windows(asTheFile, asTheFile.splits.train)[0]).toEqual([19, 18, 17, 16]);
    expect(asTheFile.report.warnings).toEqual([]);
  });

  it('in columns of their own are one date, from the year to the minute', async () => {
    const moments = (step: number) => days(20).map((i) => new Date(Date.UTC(2019, 11, 30, 20) + i * step));
    const month = (moment: Date): string => moment.toLocaleString('en', { month: 'short', timeZone: 'UTC' });
    const cases: readonly (readonly [header: string, step: number, row: (moment: Date) => string])[] = [
      ['year,month,day', 86_400_000, (at) => `${at.getUTCFullYear()},${at.getUTCMonth() + 1},${at.getUTCDate()}`],
      ['Month,Day,Year', 86_400_000, (at) => `${month(at)},${at.getUTCDate()},${at.getUTCFullYear()}`],
      [
        'No,year,month,day,hour',
        3_600_000,
        (at) => `${at.getTime() % 977},${at.getUTCFullYear()},${at.getUTCMonth() + 1},${at.getUTCDate()},${at.getUTCHours()}`,
      ],
      [
        'YEAR,MM,DD,HH,minute',
        600_000,
        (at) => `${[at.getUTCFullYear(), at.getUTCMonth() + 1, at.getUTCDate(), at.getUTCHours(), at.getUTCMinutes()]}`,
      ],
      ['date,hour', 3_600_000, (at) => `${at.toISOString().slice(0, 10)},${at.getUTCHours()}`],
    ];
    for (const [header, step, row] of cases) {
      // Every second one first: the file's order is not that of time.
      const rows = moments(step).map((moment, i) => `${row(moment)},${i}`);
      const mixed = [...rows.filter((_row, i) => i % 2 === 0), ...rows.filter((_row, i) => i % 2 === 1)];
      const data = await forecast('parts.csv', `${header},v\n${mixed.join('\n')}\n`);
      expect(windows(data, data.splits.train)[0], header).toEqual([0, 1, 2, 3]);
      expect(windows(data, data.splits.test), header).toEqual([[16, 17, 18, 19]]);
      expect(data.report.warnings, header).toEqual([expect.stringContaining('are not in the order of')]);
    }
  });

  it('are none where a day is one of the week, a year no year, or a part is what is forecast', async () => {
    const told = async (header: string, row: (i: number) => string) =>
      (await forecast('none.csv', `${header}\n${days(20).map(row).join('\n')}\n`)).encoding.reading?.time ?? null;
    expect(await told('year,month,day,v', (i) => `2020,1,${1 + (i % 7)},${i}`)).toBeNull();
    expect(await told('year,month,day,v', (i) => `2020,1,${1 + i},${i}`)).toMatchObject({ parts: ['year', 'month', 'day'] });
    expect(await told('year,month,v', (i) => `${i % 2},${1 + (i % 12)},${i}`)).toBeNull();
    expect(await told('year,month,v', (i) => `${2000 + i},${i},${i}`)).toBeNull();
    const asked = `year,month,v\n${days(20)
      .map((i) => `2020,${1 + (i % 12)},${i}`)
      .join('\n')}\n`;
    const { encoding } = await forecast('asked.csv', asked, { inputColumns: ['month'], targetColumns: ['month'] });
    expect(encoding.reading?.time).toBeNull();
    expect(await told('month,day,v', (i) => `1,${1 + i},${i}`)).toBeNull();
  });

  it('that jump are told, and clock times count', async () => {
    const rows = days(20).map(
      (i) => `${i < 12 ? `0${1 + Math.floor(i / 12)}.01.2009` : '03.01.2009'};${String(i % 12).padStart(2, '0')}:00:00;${i}`,
    );
    const { report } = await forecast('jump.csv', `d;t;v\n${rows.join('\n')}\n`);
    expect(report.warnings).toEqual([
      '“d” jumps in 1 place (first: after 2009-01-01 11:00 comes 2009-01-03): windows that reach over one read its ends as neighbours.',
    ]);
  });

  it('that two orders fit are asked about', async () => {
    const rows = days(20).map((i) => `0${1 + (i % 3)}/0${1 + ((i * 2) % 5)}/2024,${i}`);
    const text = `date,v\n${rows.join('\n')}\n`;
    expect((await forecast('either.csv', text)).report.warnings[0]).toContain('day first or month first');
    expect((await forecast('chosen.csv', text, { dateOrder: 'day-first' })).report.warnings[0]).not.toContain('month first');
  });

  it('with a time of day make a table a series', async () => {
    const path = join(folder, 'jena.csv');
    writeFileSync(
      path,
      `"Date Time","p"\n${days(20)
        .map((i) => `01.01.2009 0${i % 10}:10:00,${i}.5`)
        .join('\n')}\n`,
    );
    expect(await previewFile(path)).toMatchObject({ task: 'forecasting', columns: [{ kind: 'date' }, { kind: 'number' }] });
  });
});

it('refuses a table of one token a row for tagging', async () => {
  const path = join(folder, 'ner.csv');
  writeFileSync(
    path,
    `Note,Word,Tag\n${days(30)
      .map((i) => `${i % 3 ? '' : `Sentence: ${i}`},word${i},${i % 2 ? 'O' : 'B'}`)
      .join('\n')}\n`,
  );
  const reader = { format: 'delimited', header: true, inputColumns: ['Word'], targetColumns: ['Tag'] };
  const binding = dataBinding.parse({ source: { kind: 'file', path, reader }, task: 'step-tagging' });
  await expect(prepareData(binding)).rejects.toMatchObject({ failure: { code: 'one-token-rows', row: 2 } });
});

describe('a series without dates that stands newest first', () => {
  const told = (
    name: string,
    times: readonly (string | number)[],
    head = 'when,v',
    reader: object = {},
  ): Promise<readonly string[]> =>
    forecast(name, `${head}\n${times.map((time, i) => `${time},${(i * 7) % 5}`).join('\n')}\n`, reader).then(
      ({ report }) => report.warnings,
    );
  const seconds = days(20).map((i) => 1_700_000_000 + 3600 * i);
  const halves = days(20).map((i) => `${2010 + Math.floor(i / 2)}-H${1 + (i % 2)}`);
  const quarters = days(20).map((i) => `${2010 + Math.floor(i / 4)}-Q${1 + (i % 4)}`);

  it('is told, by seconds since 1970, by half-years, and by a counter that is not trained on', async () => {
    expect(await told('seconds.csv', seconds.toReversed())).toEqual([
      expect.stringContaining('“when” falls from each row to the next'),
    ]);
    expect(await told('halves.csv', halves.toReversed())).toEqual([expect.stringContaining('“when” falls')]);
    expect(await told('used.csv', seconds.toReversed(), 'timestamp,v', { inputColumns: ['timestamp', 'v'] })).toEqual([
      expect.stringContaining('“timestamp” falls'),
    ]);
  });

  it('is sorted by quarters, which are dates', async () => {
    expect(await told('quarters.csv', quarters.toReversed())).toEqual([expect.stringContaining('sorted by “when”')]);
  });

  it('is not told of rows that rise or waver, of a measurement that falls, nor where no column is chosen for the time', async () => {
    expect(await told('rising.csv', seconds)).toEqual([]);
    expect(await told('wavering.csv', [...seconds.toReversed(), 1_800_000_000])).toEqual([]);
    expect(await told('falling.csv', seconds.toReversed(), 'level,v', { inputColumns: ['level', 'v'] })).toEqual([]);
    expect(await told('chosen.csv', seconds.toReversed(), 'when,v', { timeColumn: null })).toEqual([]);
  });
});
