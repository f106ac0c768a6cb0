import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unitsOn } from '../inspect/analysis/matching-ranges.ts';
import { blockOf } from '../inspect/analysis/random-step.test-support.ts';
import { decoded, inspectedRun } from './inspected-run.test-support.ts';

describe('units over a split, as a window asks for them', () => {
  const place = { node: 'rnn', line: "h'" } as const;
  let inspected: Awaited<ReturnType<typeof inspectedRun>>;
  beforeAll(async () => {
    inspected = await inspectedRun();
  });
  afterAll(() => inspected.end());

  it('each unit’s AUROC is the share of pairs that it has in order, over every sequence read by itself', {
    timeout: 60_000,
  }, async () => {
    const { run, ask, single } = inspected;
    const { sample, ...told } = await ask('inspect.statistics', { id: 's', run, examples: 24, ...place });
    expect(told).toMatchObject({ examples: 24, of: 60, ended: null, level: 'word' });
    expect(told.labels).toMatchObject({ kind: 'tag', more: false });
    expect(told.labels?.names.toSorted()).toEqual(['0', '1']);
    expect(told.guess).toBeCloseTo(Math.log(2), 12);
    const { sequences } = await ask('inspect.sampleText', { sample, from: 0, count: 100 });
    const rows: number[][] = [];
    for (const { example } of sequences) rows.push(...(await single(example)));
    expect(rows).toHaveLength(told.steps);
    const unit = decoded(await ask('inspect.sampleValues', { sample, unit: 3 }));
    for (const [at, value] of unit.entries()) expect(value).toBeCloseTo(rows[at]?.[3] ?? Number.NaN, 5);
    const surprise = decoded(await ask('inspect.sampleValues', { sample, unit: null }));
    expect(surprise).toHaveLength(told.steps);
    expect(surprise.every((nats) => nats > 0)).toBe(true);
    const mean = rows.reduce((sum, row) => sum + (row[3] ?? 0), 0) / rows.length;
    expect(told.units[3]?.mean).toBeCloseTo(mean, 5);

    const words = sequences.flatMap((one) => one.words);
    for (const [of, holds] of [
      [{ kind: 'text', pattern: '[ab]' }, words.map((word) => word === 'a' || word === 'b')],
      [{ kind: 'position', from: 1, to: 2 }, sequences.flatMap((one) => one.words.map((_, t) => t < 2))],
    ] as const) {
      const scores = await ask('inspect.unitScores', { sample, of });
      expect(scores).toMatchObject({ steps: told.steps, holds: holds.filter(Boolean).length });
      expect(scores.ranges.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, i) => from + i))).toEqual(
        holds.flatMap((here, at) => (here ? [at] : [])),
      );
      scores.auroc.forEach((auroc, u) => {
        let [wins, pairs] = [0, 0];
        holds.forEach((inside, a) => {
          if (inside)
            holds.forEach((other, b) => {
              if (other) return;
              const [x = 0, y = 0] = [rows[a]?.[u], rows[b]?.[u]];
              pairs++;
              wins += x > y ? 1 : x === y ? 0.5 : 0;
            });
        });
        expect(auroc).toBeCloseTo(wins / pairs, 5);
      });
    }
  });

  it('places where the units of a range are on again are those that every sequence by itself has', {
    timeout: 60_000,
  }, async () => {
    const { run, ask, single } = inspected;
    const { sample } = await ask('inspect.statistics', { id: 's', run, examples: 60, ...place });
    const { trace } = await ask('inspect.trace', { run, input: { kind: 'example', split: 'test', index: 5 } });
    const own = blockOf(await single(5));
    const threshold = -0.1;
    const { on, matches } = await ask('inspect.similar', { sample, trace, from: 1, to: 2, threshold, limit: 500 });
    expect(on).toEqual(unitsOn(own, { from: 1, to: 2 }, { threshold }));
    expect(on.length).toBeGreaterThan(2);
    expect(Math.min(...matches.map(({ shared }) => shared))).toBe(Math.ceil(on.length / 2));
    expect(matches.length).toBeGreaterThan(3);
    for (const { sequence, from, to, shared, others } of matches.slice(0, 8)) {
      const all = unitsOn(blockOf(await single(sequence)), { from, to }, { threshold });
      expect(all.filter((unit) => on.includes(unit))).toHaveLength(shared);
      expect(all).toHaveLength(shared + others);
      expect(shared).toBeGreaterThanOrEqual(Math.ceil(on.length / 2));
    }
    const nobody = await ask('inspect.similar', { sample, trace, from: 1, to: 2, threshold: 1 });
    expect(nobody).toEqual({ on: [], matches: [] });
    await expect(ask('inspect.similar', { sample, trace, from: 2, to: 90, threshold })).rejects.toMatchObject({
      failure: { code: 'no-step' },
    });
  });

  it('is cancelled by its name, and says what it has', async () => {
    const { run, ask, listeners } = inspected;
    const progress: unknown[] = [];
    listeners.add((told) => {
      progress.push(told);
      void ask('inspect.cancel', { id: told.id });
    });
    const { ended, examples } = await ask('inspect.statistics', { id: 'long', run, examples: 60, ...place });
    listeners.clear();
    expect(ended).toBe('cancelled');
    expect(examples).toBeLessThan(60);
    expect(progress[0]).toEqual({ id: 'long', done: examples, of: 60 });
  });

  it('says what it cannot do', async () => {
    const { run, ask } = inspected;
    const { sample } = await ask('inspect.statistics', { id: 's', run, examples: 3, ...place });
    const codeOf = (work: Promise<unknown>) =>
      work.then(
        () => null,
        (error) => error.failure.code,
      );
    expect(await codeOf(ask('inspect.unitScores', { sample, of: { kind: 'text', pattern: '(' } }))).toBe('bad-pattern');
    expect(await codeOf(ask('inspect.unitScores', { sample, of: { kind: 'label', label: 'q' } }))).toBe('wrong-target');
    expect(await codeOf(ask('inspect.sampleValues', { sample, unit: 99 }))).toBe('no-unit');
    expect(await codeOf(ask('inspect.sampleText', { sample: 'none', from: 0, count: 1 }))).toBe('no-sample');
    expect(await codeOf(ask('inspect.statistics', { id: 's', run, weights: 'live', ...place }))).toBe('not-training');
  });
});
