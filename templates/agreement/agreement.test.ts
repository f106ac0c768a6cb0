import { expect, it } from 'vitest';
import { Random } from '../../engine/random.ts';
import { inputText, splitRows } from '../split-rows.ts';
import { trainBriefly } from '../train-briefly.ts';
import { beginning, rows } from './data.ts';

it('finds the subject after a short training', { timeout: 600_000 }, async () => {
  const { headline, report, best, goal } = await trainBriefly(
    'agreement',
    (document) => ({
      ...document,
      // The GRU finds it first.
      edges: document.edges.map((edge) => (edge.to.port === 'cell' ? { ...edge, from: { node: 'gru', port: 'cell' } } : edge)),
      data: document.data && { ...document.data, limit: 3000 },
      training: { ...document.training, epochs: 6, learningRate: 0.006 },
    }),
    (baseline) => baseline + 0.3,
  );
  expect(report.leakage.count).toBe(0);
  expect(report.baseline.value).toBeCloseTo(headline.baseline, 6);
  expect(headline.baseline).toBeLessThan(0.55);
  expect(best).toBeGreaterThan(goal);
});

const animate = /^(cats?|dogs?|birds?|child(ren)?|teachers?|farmers?|sailors?|horses?|robots?|neighbours?|students?|bakers?)$/;

it('misleads whoever looks at the nearest noun, or at what comes after the subject', async () => {
  let [count, nearestRight, subjectRight] = [0, 0, 0];
  const distances: number[] = [];
  for await (const row of rows()) {
    if (row.target.kind !== 'class') throw new Error('expected a verb');
    const words = inputText(row).split(' ');
    const nouns = words.filter((word) => animate.test(word));
    const verbOf = (noun: string | undefined): string => (noun === 'children' || noun?.endsWith('s') ? 'were' : 'was');
    count += 1;
    nearestRight += verbOf(nouns.at(-1)) === row.target.label ? 1 : 0;
    subjectRight += verbOf(words[1]) === row.target.label ? 1 : 0;
    distances.push(words.length - 2);
  }
  expect(count).toBe(6000);
  expect(subjectRight).toBe(count);
  expect(nearestRight / count).toBeLessThan(0.56);
  expect([Math.min(...distances), Math.max(...distances)]).toEqual([3, 45]);
});

it('draws beginnings with the number of words between subject and verb', () => {
  const random = new Random(1, 'beginnings');
  for (let i = 0; i < 200; i++) {
    const { text, verb, distance } = beginning(random);
    const [the, subject = '', ...between] = text.split(' ');
    expect(the).toBe('the');
    expect(between).toHaveLength(distance);
    expect(subject === 'children' || subject.endsWith('s') ? 'were' : 'was').toBe(verb);
  }
});

it('has every sentence in one split only', { timeout: 120_000 }, async () => {
  const { train, validation, test } = await splitRows('agreement');
  const known = new Set(train.map(inputText));
  expect([train.length, validation.length, test.length]).toEqual([4800, 600, 600]);
  expect([...validation, ...test].filter((row) => known.has(inputText(row)))).toEqual([]);
});
