import { expect, it } from 'vitest';
import { inputText, splitRows } from '../split-rows.ts';
import { trainBriefly } from '../train-briefly.ts';

it('answers better than “the last room of the story” after a short training', { timeout: 600_000 }, async () => {
  const { headline, report, best, goal } = await trainBriefly(
    'question-answering',
    (document) => ({
      ...document,
      training: { ...document.training, epochs: 6, schedule: { kind: 'constant' } },
    }),
    () => 0.55,
  );
  expect(report.leakage.count).toBe(0);
  expect(report.baseline.value).toBeCloseTo(headline.baseline, 6);
  expect(best).toBeGreaterThan(goal);
});

const move = /(\w+) \w+ to the (\w+) \./g;

it('asks in validation and test for people in rooms where training never asks for them', { timeout: 120_000 }, async () => {
  const { train, validation, test } = await splitRows('question-answering');
  const asked = new Set(train.map(({ group }) => group));
  const answers = new Set(train.map(({ group }) => group?.split(' ')[1]));
  expect(train.length + validation.length + test.length).toBe(8000);
  expect(asked.size).toBeGreaterThan(20);
  for (const { group } of [...validation, ...test]) {
    expect(asked.has(group)).toBe(false);
    expect(answers.has(group?.split(' ')[1])).toBe(true);
  }
});

it('has stories whose last room is mostly not the answer', { timeout: 120_000 }, async () => {
  const { test } = await splitRows('question-answering');
  let lastRoom = 0;
  for (const row of test) {
    if (row.target.kind !== 'class') throw new Error('expected an answer');
    const story = inputText(row);
    const moves = [...story.matchAll(move)];
    const person = story.split(' ').at(-2);
    expect(moves.findLast(([, who]) => who === person)?.[2]).toBe(row.target.label);
    lastRoom += moves.at(-1)?.[2] === row.target.label ? 1 : 0;
  }
  expect(lastRoom / test.length).toBeLessThan(0.5);
});
