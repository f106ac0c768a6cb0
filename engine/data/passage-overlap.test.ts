import fc from 'fast-check';
import { expect, it } from 'vitest';
import { findPassages } from './passage-overlap.ts';
import { Turns } from './turns.ts';

const turns = new Turns(undefined);
const upTo = (count: number, from = 0): number[] => Array.from({ length: count }, (_unused, i) => from + i);

it('finds passages that stand anywhere in an earlier text, each once', async () => {
  const splits = {
    train: [...upTo(7, 500), ...upTo(10, 100), 9, ...upTo(10, 100)],
    validation: [...upTo(10), ...upTo(10, 100), ...upTo(5, 500)],
    test: [...upTo(10, 900), ...upTo(10), ...upTo(10, 101)],
  };
  expect(await findPassages(splits, 10, turns)).toEqual({ length: 10, found: 2, of: 5, examples: [upTo(10, 100), upTo(10)] });
  expect(await findPassages({ ...splits, validation: [], test: upTo(9) }, 10, turns)).toMatchObject({ found: 0, of: 0 });
});

it('does not count what recurs in any text: a rule, a row of blanks', async () => {
  const rule = Array.from({ length: 40 }, (_unused, i) => i % 2);
  expect(await findPassages({ train: rule, validation: rule, test: [] }, 20, turns)).toMatchObject({ found: 0, of: 0 });
});

it('finds what a search at every place finds', async () => {
  const text = fc.array(fc.nat(3), { maxLength: 120 });
  await fc.assert(
    fc.asyncProperty(text, text, text, fc.integer({ min: 2, max: 5 }), async (train, validation, test, length) => {
      const holds = (ids: readonly number[], passage: readonly number[]): boolean =>
        ids.some((_unused, i) => i + length <= ids.length && passage.every((token, k) => ids[i + k] === token));
      const passages = (ids: readonly number[]): number[][] =>
        ids.flatMap((_unused, i) => (i % length === 0 && i + length <= ids.length ? [ids.slice(i, i + length)] : []));
      const varied = (passage: readonly number[]): boolean => new Set(passage).size >= 2;
      const [ours, theirs] = [passages(validation).filter(varied), passages(test).filter(varied)];
      const expected =
        ours.filter((passage) => holds(train, passage)).length +
        theirs.filter((passage) => holds(train, passage) || holds(validation, passage)).length;
      const overlap = await findPassages({ train, validation, test }, length, turns);
      expect([overlap.found, overlap.of]).toEqual([expected, ours.length + theirs.length]);
    }),
  );
});
