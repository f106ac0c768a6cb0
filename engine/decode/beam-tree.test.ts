import { describe, expect, it } from 'vitest';
import { specialTokens } from '../data/dataset.ts';
import { Random } from '../random.ts';
import { beam } from './beam.ts';
import { BeamTree } from './beam-tree.ts';
import { type Tell, ToldSource } from './told-source.ts';

const { end } = specialTokens;
const own = [end, 4, 5, 6];

/** Random probabilities after each beginning, the same whenever they are asked for. */
function randomTell(seed: number): Tell {
  return (said) => {
    const random = new Random(seed, said.join());
    const weights = own.map(() => random.uniform() + 0.01);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    return [0, 0, 0, ...weights.map((weight) => weight / total)];
  };
}

/** What a search by hand looks at: of each step the sequences in order, what becomes of them, and the sum of their logarithms. */
function byHand(tell: Tell, width: number, limit: number): { said: number[]; fate: string; logProbability: number }[] {
  const looked: { said: number[]; fate: string; logProbability: number }[] = [];
  let open: number[][] = [[]];
  let places = width;
  for (let step = 0; step < limit && open.length > 0; step++) {
    const all = open
      .flatMap((said) => own.map((token) => [...said, token]))
      .map((said) => ({
        said,
        logProbability: said.reduce((sum, token, at) => sum + Math.log(tell(said.slice(0, at))[token] ?? 0), 0),
      }))
      .sort((one, other) => other.logProbability - one.logProbability);
    const [taken, left] = [all.slice(0, places), all.slice(places, places + Math.min(width, 5))];
    looked.push(...taken.map((one) => ({ ...one, fate: one.said.at(-1) === end ? 'ended' : 'kept' })));
    looked.push(...left.map((one) => ({ ...one, fate: 'dropped' })));
    open = taken.flatMap(({ said }) => (said.at(-1) === end ? [] : [said]));
    places -= taken.length - open.length;
  }
  return looked;
}

describe('the tree of a beam search', () => {
  const limit = 5;
  const cases = [1, 2, 3, 4, 7].flatMap((width) => [11, 12, 13].map((seed) => ({ width, seed })));

  it.each(cases)(
    'of width $width, drawn with $seed, is what a search by hand looks at, and changes nothing',
    async ({ width, seed }) => {
      const tell = randomTell(seed);
      const options = { width, lengthPenalty: 0.6, maxTokens: limit };
      const tree = new BeamTree(width);
      const found = await beam(new ToldSource(7, tell), { ...options, tree });
      expect(found).toEqual(await beam(new ToldSource(7, tell), options));

      const said = (at: number | null): number[] => {
        const node = at === null ? undefined : tree.nodes[at];
        return node === undefined ? [] : [...said(node.parent), node.token];
      };
      const expected = byHand(tell, width, limit);
      expect(tree.nodes.map(({ fate }, at) => ({ said: said(at), fate }))).toEqual(
        expected.map((one) => ({ said: one.said, fate: one.fate })),
      );
      tree.nodes.forEach(({ parent, token, probability, logProbability }, at) => {
        expect(logProbability).toBeCloseTo(expected[at]?.logProbability ?? Number.NaN, 6);
        expect(probability).toBeCloseTo(tell(said(parent))[token] ?? Number.NaN, 6);
      });

      // Where each answer is in it.
      const ranked = tree.nodes.flatMap((node, at) => (node.rank === null ? [] : [{ ...node, at, rank: node.rank }]));
      ranked.sort((one, other) => one.rank - other.rank);
      expect(ranked.map(({ at }) => said(at))).toEqual(
        found.map(({ tokens, finished }) => [...tokens, ...(finished ? [end] : [])]),
      );
      ranked.forEach(({ score, fate, logProbability, at }) => {
        const length = said(at).length;
        if (fate === 'ended') expect(score).toBeCloseTo(logProbability / ((5 + length) / 6) ** 0.6, 10);
        else expect([fate, score, length]).toEqual(['kept', null, limit]);
      });
    },
  );

  it('tells at most five of those that a step drops', async () => {
    const tree = new BeamTree(8);
    await beam(new ToldSource(40, () => [0, 0, 0, ...Array.from({ length: 37 }, (_, at) => 37 - at)]), {
      ...{ width: 8, lengthPenalty: 0, maxTokens: 1 },
      tree,
    });
    expect(tree.nodes.map(({ fate }) => fate)).toEqual([
      ...['ended', 'kept', 'kept', 'kept', 'kept', 'kept', 'kept', 'kept'],
      ...Array.from({ length: 5 }, () => 'dropped'),
    ]);
  });
});
