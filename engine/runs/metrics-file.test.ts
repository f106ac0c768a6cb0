import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { figuresToJson } from '../protocol/figure.ts';
import { type MetricsPiece, type MetricsPlace, numbersOf } from '../protocol/metric-columns.ts';
import { type MetricEvent, metricEvent } from '../protocol/runs.ts';
import { parseMetricLine } from './metric-line.ts';
import { appendMetrics, keepMetricsUpTo, readMetrics, readMetricsPiece } from './metrics-file.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'unroll-metrics-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const metrics = ['loss', ...Array.from({ length: 20 }, (_, at) => `of class ${at + 1}`)];
const line = (step: number): MetricEvent => ({
  step,
  epoch: step / 7,
  seconds: step / 3,
  split: 'train',
  values: Object.fromEntries(metrics.map((name, at) => [name, 1 / (step + at)])),
});
/** More than two pieces of lines. */
const many = Array.from({ length: 12_000 }, (_, at) => line(at + 1));
const file = (): string => join(folder, 'metrics.jsonl');

/** All pieces from a place on, in order. @param between what happens before the next one is asked for */
async function pieces(after?: MetricsPlace, between: () => Promise<void> = async () => {}): Promise<MetricsPiece[]> {
  const piece = await readMetricsPiece(folder, after);
  if (piece.next === null) return [piece];
  await between();
  return [piece, ...(await pieces(piece.next))];
}
const steps = ({ splits }: MetricsPiece): number[] => splits.flatMap(({ step }) => [...numbersOf(step)]);

describe('a file of many lines', () => {
  it('is read in pieces of whole lines, that lie next to each other', async () => {
    await appendMetrics(folder, many);
    const read = await pieces();
    expect(read.length).toBeGreaterThan(2);
    expect(read.flatMap(steps)).toEqual(many.map(({ step }) => step));
    const bytes = (await readFile(file())).length;
    expect(read.map((piece) => piece.bytes)).toEqual(read.map(() => bytes));
    expect(read.map(({ from }) => from)).toEqual([0, ...read.slice(0, -1).map(({ next }) => next?.byte)]);
    expect(read.map(({ lost }) => lost)).toEqual(read.map(() => 0));
  });

  it('that was replaced meanwhile is read from its beginning', async () => {
    await appendMetrics(folder, many);
    const [first, second] = await pieces(undefined, async () => {
      await keepMetricsUpTo(folder, 3_000);
      await appendMetrics(folder, many.slice(3_000, 11_000));
    });
    expect(first?.from).toBe(0);
    expect(second?.from).toBe(0);
    expect(second && steps(second)[0]).toBe(1);
  });

  it('that became shorter than what was read of it is read from its beginning', async () => {
    await appendMetrics(folder, many);
    const { next } = await readMetricsPiece(folder);
    await writeFile(file(), figuresToJson(line(1)).concat('\n'));
    expect(await pieces(next ?? undefined)).toMatchObject([{ from: 0, next: null }]);
  });

  it('has a line that is longer than a piece, whole or torn', async () => {
    const long = ' '.repeat(9_000_000);
    await writeFile(file(), `${figuresToJson(line(1))}${long}\n${long}\n`);
    await appendMetrics(folder, [line(2)]);
    await appendFile(file(), long);
    const read = await pieces();
    expect(read.flatMap(steps)).toEqual([1, 2]);
    expect(read.reduce((sum, { lost }) => sum + lost, 0)).toBe(1);
    expect(await readMetrics(folder)).toEqual({ events: [line(1), line(2)], lost: 1 });
  });

  it('keeps what was logged up to a step as it was written, and drops the rest and what is damaged', async () => {
    await appendMetrics(folder, many);
    const whole = await readFile(file(), 'utf8');
    await appendFile(file(), '{"step":\n');
    expect(await keepMetricsUpTo(folder, 10_000)).toBe(1);
    const kept = await readFile(file(), 'utf8');
    expect(whole.startsWith(kept)).toBe(true);
    expect(kept.split('\n').length - 1).toBe(10_000);
  });
});

it('of a run that logged nothing there is one piece, with nothing in it', async () => {
  const nothing = { from: 0, next: null, bytes: 0, splits: [], health: [], lost: 0 };
  expect(await readMetricsPiece(folder)).toEqual(nothing);
  expect(await readMetricsPiece(folder, { file: '1', byte: 100 })).toEqual(nothing);
});

describe('a line', () => {
  const number = fc.oneof(fc.double(), fc.constantFrom('NaN', 'Infinity', null, 'x', true, {}, -0));
  const integer = fc.oneof(fc.integer(), fc.double(), fc.constantFrom(null, 'NaN', 2 ** 53, -1));
  const anyLine = fc.record(
    {
      step: integer,
      epoch: number,
      seconds: number,
      split: fc.constantFrom('train', 'validation', 'test', 'other', 3),
      values: fc.oneof(
        { weight: 4, arbitrary: fc.dictionary(fc.constantFrom('loss', '__proto__', 'f1'), number) },
        fc.constantFrom(null, [], [1], 'x'),
      ),
      learningRate: number,
      gradientNorm: number,
      tokensPerSecond: number,
      health: fc.constantFrom(null, {}, { step: 1, modules: [], recurrences: [] }),
      another: number,
    },
    { requiredKeys: ['step', 'epoch', 'seconds', 'split', 'values'] },
  );

  it('is read as the schema says, however plain it is', () => {
    fc.assert(
      fc.property(fc.oneof(anyLine, fc.record({ step: integer }), fc.constantFrom(null, [], 3)), (content) => {
        const text = JSON.stringify(content);
        expect(parseMetricLine(text)).toEqual(metricEvent.safeParse(JSON.parse(text)).data ?? null);
      }),
      { numRuns: 2000 },
    );
  });

  it.each(['', '{', '{"step":1', 'nonsense', '\0\0'])('that is no JSON is none: %j', (text) => {
    expect(parseMetricLine(text)).toBeNull();
  });
});
