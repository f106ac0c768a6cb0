import { expect, it } from 'vitest';
import { guessColumnKind } from './column-kind.ts';
import { guessTask } from './guess-task.ts';

const columns = (rows: readonly (readonly string[])[], names?: readonly string[]) =>
  (rows[0] ?? []).map((_cell, i) => {
    const cells = rows.map((row) => row[i] ?? '');
    return { name: names?.[i] ?? `#${i}`, kind: guessColumnKind(cells), cells };
  });
const series = (row: number): string[] => Array.from({ length: 10 }, (_, step) => Math.sin(row + step).toFixed(4));
const ucr = Array.from({ length: 12 }, (_, row) => [String((row % 3) - 1), ...series(row)]);

it('a label and a series a row, as the UCR archive has them', () => {
  const padded = ucr.map((row, i) => row.map((cell, step) => (i % 2 && step > 7 ? 'NaN' : cell)));
  for (const rows of [ucr, padded]) {
    const guess = guessTask('delimited', columns(rows));
    expect(guess.task).toBe('sequence-classification');
    expect(guess.targetColumns).toEqual(['#0']);
    expect(guess.inputColumns).toEqual(Array.from({ length: 10 }, (_, step) => `#${step + 1}`));
  }
});

it.each([
  ['measurements in the first column', columns(ucr.map((row, i) => [String(i + 0.5), ...row.slice(1)]))],
  ['rows that are counted', columns(ucr.map((row, i) => [String(i), ...row.slice(1)]))],
  ['a few columns of numbers', columns(ucr.map((row) => row.slice(0, 4)))],
  ['columns with names', columns(ucr, ['place', ...Array.from({ length: 10 }, (_, i) => `sensor ${i}`)])],
])('%s are a series in time', (_what, table) => {
  expect(guessTask('delimited', table).task).toBe('forecasting');
});
