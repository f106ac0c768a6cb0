import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { uint32List } from './growing-list.ts';
import { timeOrder } from './time-order.ts';

const day = (n: number): number => Date.UTC(2024, 0, 1 + n);

function orderOf(
  times: readonly number[],
  groups: readonly (string | null)[] = [],
  column: string | null = 'when',
  files: readonly number[] = [],
) {
  const lines = uint32List();
  times.forEach((_time, i) => {
    lines.push(i + 1);
  });
  const found = timeOrder(
    { lines, times: [...times], files: times.map((_time, i) => files[i] ?? 0), groups: [...groups] },
    column,
  );
  return { ...found, order: found.order && [...found.order] };
}

describe('rows of a series', () => {
  it('stay as they are where they are in order already', () => {
    expect(orderOf([0, 1, 1, 2].map(day))).toMatchObject({ order: null, groups: [{ start: 0, end: 4 }] });
    expect(orderOf([0, 1, 2].map(day)).warnings).toEqual([]);
  });

  it('are turned round where they are newest first, rows of one time too', () => {
    const { order, warnings } = orderOf([3, 2, 2, 0].map(day));
    expect(order).toEqual([3, 2, 1, 0]);
    expect(warnings[0]).toBe('The rows are newest first: they are sorted by “when”, oldest first.');
  });

  it('are sorted otherwise, rows of one time in the order of the file', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20), { minLength: 1, maxLength: 30 }), (days) => {
        // Without a row that is later and one that is earlier than the one before, nothing is unsorted.
        const steps = days.slice(1).map((of, i) => of - (days[i] ?? 0));
        fc.pre(steps.some((step) => step > 0) && steps.some((step) => step < 0));
        const places = days.map((_day, i) => i);
        const sorted = [...places].sort((a, b) => (days[a] ?? 0) - (days[b] ?? 0) || a - b);
        const { order, warnings } = orderOf(days.map(day));
        expect(order).toEqual(sorted);
        expect(warnings).toContain('The rows are not in the order of “when”: they are sorted by it.');
        const same = days.length - new Set(days).size;
        expect(warnings.filter((warning) => warning.includes('the same “when”'))).toEqual(
          same === 0 ? [] : [expect.stringMatching(new RegExp(`^${same} rows? ha(s|ve) the`))],
        );
      }),
    );
  });

  it('stay in the order of the file where a date cannot be read, or no column is chosen', () => {
    const { order, warnings } = orderOf([5, Number.NaN, 3, 4].map(day));
    expect(order).toBeNull();
    expect(warnings).toEqual(['1 row has no date in “when” that can be read: the series keeps the order of the file.']);
    expect(orderOf([5, Number.NaN, 3, 4, 2].map(day)).order).toBeNull();
    expect(orderOf([3, 1, 90].map(day), [], null)).toEqual({ order: null, groups: [{ start: 0, end: 3 }], warnings: [] });
  });
});

describe('rows of several series', () => {
  it('stand together, each series in its own order', () => {
    const { order, groups, warnings } = orderOf([2, 9, 1, 8, 3, 7].map(day), ['a', 'b', 'a', 'b', 'a', 'b']);
    expect(order).toEqual([2, 0, 4, 5, 3, 1]);
    expect(groups).toEqual([
      { start: 0, end: 3 },
      { start: 3, end: 6 },
    ]);
    expect(warnings.map((warning) => warning.slice(0, 24))).toEqual(['The rows are newest firs', 'The rows are not in the ']);
  });

  it('may have the same dates: that tells of two series only where there is one', () => {
    expect(orderOf([0, 0, 1, 1].map(day), ['a', 'b', 'a', 'b']).warnings).toEqual([]);
    expect(orderOf([0, 1, 1].map(day), ['a', 'a', 'b']).warnings).toEqual([]);
    expect(orderOf([0, 0, 1].map(day), ['a', 'a', 'b']).warnings).toEqual([]);
    expect(orderOf([0, 0, 1, 1].map(day)).warnings).toEqual([
      '2 rows have the same “when” as the row before: if the file holds several series, choose the column that tells them apart as “Keep together”.',
    ]);
  });

  it('in several files are apart, each in its own order, whatever their groups are called', () => {
    const { order, groups, warnings } = orderOf(
      [1, 0, 0, 1, 5, 4].map(day),
      [null, null, 'a', 'a', 'a', 'a'],
      'when',
      [0, 0, 1, 1, 2, 2],
    );
    expect(order).toEqual([1, 0, 2, 3, 5, 4]);
    expect(groups.map(({ start }) => start)).toEqual([0, 2, 4]);
    expect(warnings).toEqual([expect.stringContaining('newest first')]);
    // A file with rows of the same date may hold several series, as long as nothing tells them apart.
    const twice = (of: (string | null)[]): string => orderOf([0, 0, 1, 2].map(day), of, 'when', [0, 0, 1, 1]).warnings.join();
    expect(twice([null, null, null, null])).toContain('1 row has the same “when”');
    expect(twice(['a', 'b', null, null])).toBe('');
  });

  it('keep the order of the file where one has a date that cannot be read, and only that one', () => {
    expect(orderOf([2, 5, 1, Number.NaN].map(day), ['a', 'b', 'a', 'b']).order).toEqual([2, 0, 1, 3]);
  });
});

describe('jumps', () => {
  it('are steps of more than one and a half times the usual one', () => {
    // Steps 2, 2, 3, 2, 4: the usual is 2.
    expect(orderOf([0, 2, 4, 7, 9, 13].map(day)).warnings).toEqual([
      '“when” jumps in 1 place (first: after 2024-01-10 comes 2024-01-14): windows that reach over one read its ends as neighbours.',
    ]);
    expect(orderOf([0, 2, 4, 7, 9].map(day)).warnings).toEqual([]);
    expect(orderOf([0, 9].map(day)).warnings).toEqual([]);
    expect(orderOf([0].map(day)).warnings).toEqual([]);
  });

  it('are counted over all series, after sorting, and the first is named', () => {
    const { warnings } = orderOf([10, 2, 1, 0, 0, 1, 7, 8, 20].map(day), ['a', 'a', 'a', 'a', 'b', 'b', 'b', 'b', 'b']);
    expect(warnings.at(-1)).toBe(
      '“when” jumps in 2 places (first: after 2024-01-03 comes 2024-01-11): windows that reach over one read its ends as neighbours.',
    );
  });

  it.each([
    [60_000, '2024-01-01 00:01', '2024-01-01 00:11'],
    [1000, '2024-01-01 00:00:01', '2024-01-01 00:00:11'],
    [1, '2024-01-01 00:00:00.001', '2024-01-01 00:00:00.011'],
    [3_600_000, '2024-01-01 01:00', '2024-01-01 11:00'],
    [43_200_000, '2024-01-01 12:00', '2024-01-06 12:00'],
  ])('are told to the %i ms', (unit, before, after) => {
    const times = [-1, 0, 1, 11, 12].map((n) => day(0) + n * unit);
    expect(orderOf(times).warnings[0]).toContain(`after ${before} comes ${after})`);
  });

  it('between days say no time of day, and not the usual step sets the measure but the middle one', () => {
    // Steps 1, 1, 1, 30, 30: the mean would hide both.
    expect(orderOf([0, 1, 2, 3, 33, 63].map(day)).warnings[0]).toContain(
      'in 2 places (first: after 2024-01-04 comes 2024-02-03)',
    );
    // Steps 9, 10, 10 and 30: compared as texts, 9 would come last.
    expect(orderOf([0, 30, 39, 49, 59].map(day)).warnings[0]).toContain('in 1 place (first: after 2024-01-01 comes 2024-01-31)');
  });
});
