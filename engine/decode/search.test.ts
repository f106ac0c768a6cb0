import { describe, expect, it } from 'vitest';
import { specialTokens } from '../data/dataset.ts';
import { Random } from '../random.ts';
import { beam, lengthPenalty } from './beam.ts';
import { greedy } from './greedy.ts';
import { sample } from './sample.ts';
import { drawToken, samplingDistribution } from './sampler.ts';
import { say } from './say.ts';
import { type Tell, ToldSource } from './told-source.ts';

const end = specialTokens.end;
const [a, b] = [4, 5];
/** Probabilities of <eos>, a and b; the special tokens that are never said get most of the mass, so that it shows when one is. */
const next = (ended: number, ofA: number, ofB: number): number[] => [5, 5, 5, ended, ofA, ofB];

describe('greedy', () => {
  it('says the most probable token until the end, never a special one, and the first of equals', async () => {
    const source = new ToldSource(6, (said) => (said.length === 0 ? next(0.1, 0.2, 0.7) : next(0.4, 0.3, 0.3)));
    const [found] = await greedy(source, 9);
    expect(found).toMatchObject({ tokens: [b], finished: true });
    const tie = new ToldSource(6, (said) => (said.length < 2 ? next(0.2, 0.4, 0.4) : next(1, 0, 0)));
    expect((await greedy(tie, 9))[0]?.tokens).toEqual([a, a]);
  });

  it('stops at the limit, which counts the end', async () => {
    const forever = (): ToldSource => new ToldSource(6, () => next(0.1, 0.5, 0.4));
    expect((await greedy(forever(), 3))[0]).toMatchObject({ tokens: [a, a, a], finished: false });
    const ends = new ToldSource(6, (said) => (said.length < 3 ? next(0, 1, 0) : next(1, 0, 0)));
    expect((await greedy(ends, 3))[0]?.finished).toBe(false);
  });

  it('goes on with the rows that have not ended', async () => {
    let row = 0;
    // The first token tells the rows apart: one that is taken for another would end elsewhere.
    const first = [next(0, 1, 0), next(1, 0, 0), next(0, 0, 1)];
    const tell: Tell = (said) => {
      if (said.length === 0) return first[row++] ?? [];
      return said.length < (said[0] === a ? 2 : 1) ? next(0, 1, 0) : next(1, 0, 0);
    };
    const found = await greedy(new ToldSource(6, tell, 3), 9);
    expect(found.map(({ tokens }) => tokens)).toEqual([[a, a], [], [b]]);
    expect(found.every(({ finished }) => finished)).toBe(true);
  });
});

describe('beam', () => {
  /** Greedy is led astray: a is likelier at first, but leads nowhere in particular. */
  const tell: Tell = (said) => {
    if (said.length === 0) return [0, 0, 0, 0.1, 0.5, 0.4];
    return said[0] === a ? [0, 0, 0, 0.34, 0.33, 0.33] : [0, 0, 0, 0.98, 0.01, 0.01];
  };

  it('of width 1 is greedy', async () => {
    const [one] = await beam(new ToldSource(6, tell), { width: 1, lengthPenalty: 0.6, maxTokens: 6 });
    expect(one).toEqual((await greedy(new ToldSource(6, tell), 6))[0]);
  });

  it('finds what greedy misses', async () => {
    const [best] = await beam(new ToldSource(6, tell), { width: 2, lengthPenalty: 0, maxTokens: 6 });
    expect(best?.tokens).toEqual([b]);
    expect(best?.logProbability).toBeCloseTo(Math.log(0.4 * 0.98), 6);
    expect((await greedy(new ToldSource(6, tell), 6))[0]?.tokens).toEqual([a]);
  });

  it('ranks by length penalty', async () => {
    // “” has 0.5; “a a” has 0.5 · 0.9 · 0.9 = 0.405, more per token.
    const short: Tell = (said) => [0, 0, 0, [0.5, 0.1, 0.9][said.length] ?? 1, [0.5, 0.9, 0.1][said.length] ?? 0, 0];
    const best = async (alpha: number) =>
      (await beam(new ToldSource(6, short), { width: 4, lengthPenalty: alpha, maxTokens: 6 }))[0]?.tokens;
    expect(await best(0)).toEqual([]);
    expect(await best(1)).toEqual([a, a]);
    expect(lengthPenalty(1, 0.6)).toBe(1);
    expect(lengthPenalty(7, 1)).toBe(2);
  });

  it.each([0, 0.6, 1, 2])('ranks all that have ended by log p / ((5 + |Y|) / 6)^%d, <eos> counted', async (alpha) => {
    const random = new Random(7, `beam ${alpha}`);
    const known = new Map<string, readonly number[]>();
    const tellRandom: Tell = (said) => {
      const key = said.join();
      const weights = known.get(key) ?? [random.uniform(), random.uniform(), random.uniform()];
      known.set(key, weights);
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      return [0, 0, 0, ...weights.map((weight) => weight / total)];
    };
    const limit = 4;
    const found = await beam(new ToldSource(6, tellRandom), { width: 100, lengthPenalty: alpha, maxTokens: limit });
    let prefixes: number[][] = [[]];
    const all: { tokens: number[]; logProbability: number; score: number }[] = [];
    for (let length = 1; length <= limit; length++) {
      for (const tokens of prefixes) {
        const said = [...tokens, end];
        const logProbability = said.reduce((sum, token, at) => sum + Math.log(tellRandom(said.slice(0, at))[token] ?? 0), 0);
        all.push({ tokens, logProbability, score: logProbability / ((5 + said.length) / 6) ** alpha });
      }
      prefixes = prefixes.flatMap((tokens) => [
        [...tokens, a],
        [...tokens, b],
      ]);
    }
    all.sort((one, other) => other.score - one.score);
    const ended = found.filter(({ finished }) => finished);
    expect(ended.map(({ tokens }) => tokens)).toEqual(all.map(({ tokens }) => tokens));
    ended.forEach(({ logProbability }, at) => {
      expect(logProbability).toBeCloseTo(all[at]?.logProbability ?? Number.NaN, 10);
    });
    const cut = found.filter(({ finished }) => !finished);
    expect(cut).toHaveLength(2 ** limit);
    cut.slice(1).forEach(({ logProbability }, at) => {
      expect(logProbability).toBeLessThanOrEqual(cut[at]?.logProbability ?? Number.NaN);
    });
  });

  it('counts <eos> as a token where it ranks: by the words alone, another sequence would be first', async () => {
    // log p is -0.73 for “” and -1 for “a a”. With <eos>: -0.73 / (6/6) against -1 / (8/6) = -0.75. Without: -0.876, -0.857.
    const [p, q] = [Math.exp(-0.73), Math.exp(-1)];
    const close: Tell = (said) =>
      said.length === 0 ? next(p, 1 - p, 0) : said.length === 1 ? next(0, 1, 0) : next(q / (1 - p), 1 - q / (1 - p), 0);
    const own: Tell = (said) => close(said).map((value, id) => (id < end ? 0 : value));
    const found = await beam(new ToldSource(6, own), { width: 3, lengthPenalty: 1, maxTokens: 3 });
    expect(found.filter(({ finished }) => finished).map(({ tokens }) => tokens)).toEqual([[], [a, a]]);
  });

  it('breaks ties by the order of hypotheses and ids', async () => {
    const even: Tell = (said) => (said.length < 2 ? [0, 0, 0, 0, 0.5, 0.5] : [0, 0, 0, 1, 0, 0]);
    const found = await beam(new ToldSource(6, even), { width: 3, lengthPenalty: 0.6, maxTokens: 6 });
    expect(found.map(({ tokens }) => tokens)).toEqual([
      [a, a],
      [a, b],
      [b, a],
    ]);
  });

  it('gives what has not ended after what has', async () => {
    const tellLong: Tell = (said) => (said.length === 0 ? [0, 0, 0, 0.1, 0.9, 0] : [0, 0, 0, 0, 1, 0]);
    const found = await beam(new ToldSource(6, tellLong), { width: 2, lengthPenalty: 0, maxTokens: 4 });
    expect(found.map(({ finished, tokens }) => [finished, tokens.length])).toEqual([
      [true, 0],
      [false, 4],
    ]);
  });

  it('refuses several sequences at once', async () => {
    await expect(beam(new ToldSource(6, () => next(1, 0, 0), 2), { width: 1, lengthPenalty: 0, maxTokens: 1 })).rejects.toThrow(
      'source of 1 row',
    );
  });
});

describe('what a source is asked', () => {
  /** How many rows are asked for what comes next, and how they are put in order then. */
  function watched(source: ToldSource): { source: ToldSource; asked: (number | readonly number[])[] } {
    const asked: (number | readonly number[])[] = [];
    const [next, select] = [source.next.bind(source), source.select.bind(source)];
    source.next = (tokens) => {
      asked.push(tokens.length);
      return next(tokens);
    };
    source.select = (order) => {
      asked.push(order);
      select(order);
    };
    return { source, asked };
  }

  it('by a beam: to follow its hypotheses, and nothing when none is left or at the limit', async () => {
    // a or b; after one of them a again, and then the end.
    const tell: Tell = (said) =>
      [
        [0, 0, 0, 0, 0.6, 0.4],
        [0, 0, 0, 0, 1, 0],
        [0, 0, 0, 1, 0, 0],
      ][said.length] ?? [];
    const all = watched(new ToldSource(6, tell));
    await beam(all.source, { width: 2, lengthPenalty: 0, maxTokens: 9 });
    expect(all.asked).toEqual([1, [0, 0], 2, [0, 1], 2]);
    const cut = watched(new ToldSource(6, tell));
    await beam(cut.source, { width: 2, lengthPenalty: 0, maxTokens: 2 });
    expect(cut.asked).toEqual([1, [0, 0], 2]);
    const none = watched(new ToldSource(6, tell));
    expect(await beam(none.source, { width: 2, lengthPenalty: 0, maxTokens: 0 })).toEqual([
      { tokens: [], probabilities: [], logProbability: 0, alignment: null, finished: false },
    ]);
    expect(none.asked).toEqual([]);
  });

  it('by others: to leave out rows when they end, and nothing when none is left', async () => {
    let row = 0;
    const first = [next(0, 1, 0), next(0, 0, 1), next(1, 0, 0)];
    const tell: Tell = (said) => {
      if (said.length === 0) return first[row++] ?? [];
      return said.length < (said[0] === a ? 3 : 2) ? next(0, 1, 0) : next(1, 0, 0);
    };
    const { source, asked } = watched(new ToldSource(6, tell, 3));
    await greedy(source, 9);
    expect(asked).toEqual([3, [0, 1], 2, 2, [0], 1]);
  });
});

describe('what is kept of each token', () => {
  // Rows say themselves apart from the start, and end one after the other.
  const tell: Tell = (said) => {
    const random = new Random(said.length, said.join());
    return [9, 9, 9, said.length < 2 ? 0 : 0.3, random.uniform(), random.uniform()];
  };
  const attend: Tell = (said) => [said.length, ...said];
  const share = (said: readonly number[], token: number): number => {
    const weights = tell(said);
    return (weights[token] ?? 0) / weights.reduce((sum, weight) => sum + weight, 0);
  };
  const searches = {
    greedy: () => greedy(new ToldSource(6, tell, 1, attend), 5),
    sample: () => sample(new ToldSource(6, tell, 4, attend), { temperature: 1, topK: null, topP: 1, seed: 2, maxTokens: 5 }),
    beam: () => beam(new ToldSource(6, tell, 1, attend), { width: 4, lengthPenalty: 1, maxTokens: 5 }),
  };

  it.each(Object.keys(searches) as (keyof typeof searches)[])(
    '%s: the model’s own probability, and what it attended to',
    async (name) => {
      const found = await searches[name]();
      expect(found.length).toBe(name === 'greedy' ? 1 : 4);
      for (const { tokens, probabilities, alignment, logProbability, finished } of found) {
        const before = tokens.map((_, at) => tokens.slice(0, at));
        const shares = before.map((said, at) => share(said, tokens[at] ?? 0));
        expect(alignment).toEqual(before.map(attend));
        expect(probabilities).toHaveLength(tokens.length);
        probabilities.forEach((probability, at) => {
          expect(probability).toBeCloseTo(shares[at] ?? Number.NaN, 12);
        });
        const all = finished ? [...shares, share(tokens, end)] : shares;
        expect(logProbability).toBeCloseTo(
          all.reduce((sum, p) => sum + Math.log(p), 0),
          10,
        );
      }
    },
  );

  it('is nothing where nothing attends', async () => {
    expect((await beam(new ToldSource(6, tell), { width: 2, lengthPenalty: 0, maxTokens: 5 }))[0]?.alignment).toBeNull();
    expect((await greedy(new ToldSource(6, tell), 5))[0]?.alignment).toBeNull();
  });
});

describe('sampling', () => {
  const log = Float64Array.from([Number.NEGATIVE_INFINITY, Math.log(0.1), Math.log(0.4), Math.log(0.2), Math.log(0.3)]);
  const plain = { temperature: 1, topK: null, topP: 1 };

  it('cuts the distribution as asked', () => {
    const rounded = (settings: Parameters<typeof samplingDistribution>[1]) => {
      const { tokens, probabilities } = samplingDistribution(log, settings);
      return tokens.map((token, at) => [token, Math.round((probabilities[at] ?? 0) * 1000) / 1000]);
    };
    expect(rounded(plain)).toEqual([
      [2, 0.4],
      [4, 0.3],
      [3, 0.2],
      [1, 0.1],
    ]);
    expect(rounded({ ...plain, topK: 2 })).toEqual([
      [2, 0.571],
      [4, 0.429],
    ]);
    expect(rounded({ ...plain, topP: 0.69 })).toEqual([
      [2, 0.571],
      [4, 0.429],
    ]);
    expect(rounded({ ...plain, topP: 0.71 })).toHaveLength(3);
    expect(rounded({ ...plain, topP: 1e-9 })).toEqual([[2, 1]]);
    expect(rounded({ ...plain, topP: 0 })).toEqual([[2, 1]]);
    expect(samplingDistribution(log, { ...plain, topP: 0.5 }).probabilities).toHaveLength(2);
    // Far apart, and none of them too small to be told from the others.
    expect(rounded({ ...plain, temperature: 1e-4 })[0]).toEqual([2, 1]);
    expect(rounded({ ...plain, topK: 99 })).toHaveLength(4);
    expect(rounded({ ...plain, topK: 3, topP: 0.5 })).toHaveLength(2);
    expect(rounded({ ...plain, temperature: 0.5 })[0]?.[1]).toBe(Math.round((0.16 / 0.3) * 1000) / 1000);
    expect(rounded({ ...plain, temperature: 0.01 })[0]?.[1]).toBe(1);
  });

  it.each([plain, { temperature: 2, topK: null, topP: 1 }, { temperature: 0.7, topK: 3, topP: 0.9 }])(
    'draws as often as the distribution says: %j',
    (settings) => {
      const { tokens, probabilities } = samplingDistribution(log, settings);
      const random = new Random(3);
      const draws = 40_000;
      const counts = new Map<number, number>();
      for (let i = 0; i < draws; i++) {
        const token = drawToken(log, settings, random);
        counts.set(token, (counts.get(token) ?? 0) + 1);
      }
      expect([...counts.keys()].sort()).toEqual([...tokens].sort());
      tokens.forEach((token, at) => {
        const p = probabilities[at] ?? 0;
        // Five standard deviations of a binomial count.
        expect(Math.abs((counts.get(token) ?? 0) / draws - p)).toBeLessThan(5 * Math.sqrt((p * (1 - p)) / draws));
      });
    },
  );

  it('keeps the lower ids of equally probable tokens', () => {
    const even = Float64Array.from([Number.NEGATIVE_INFINITY, ...new Array<number>(4).fill(Math.log(0.25))]);
    expect(samplingDistribution(even, { ...plain, topK: 3 }).tokens).toEqual([1, 2, 3]);
    expect(samplingDistribution(even, { ...plain, topP: 0.5 }).tokens).toEqual([1, 2]);
  });

  it('cuts at top-p what temperature and top-k have left', () => {
    // At temperature ½: 0.16, 0.09, 0.04, 0.01 of 0.3; the first two of them are 0.64 and 0.36 of each other.
    const sharp = { temperature: 0.5, topK: 2, topP: 0.63 };
    expect(samplingDistribution(log, sharp).tokens).toEqual([2]);
    expect(samplingDistribution(log, { ...sharp, topP: 0.65 }).tokens).toEqual([2, 4]);
    expect(samplingDistribution(log, { ...sharp, topP: 1 }).probabilities[0]).toBeCloseTo(0.64, 12);
  });

  it.each([
    [0, 2],
    [0.399, 2],
    [0.401, 4],
    [0.699, 4],
    [0.701, 3],
    [0.899, 3],
    [0.901, 1],
    // What rounding may leave above the sum is the last token's.
    [1.1, 1],
  ])('a chance of %d draws token %i', (chance, token) => {
    const random = new Random(1);
    random.uniform = () => chance;
    expect(drawToken(log, plain, random)).toBe(token);
  });

  it('draws the second of two halves from a half on', () => {
    const random = new Random(1);
    const halves = Float64Array.of(Math.log(0.5), Math.log(0.5));
    random.uniform = () => 0.5;
    expect(drawToken(halves, plain, random)).toBe(1);
    random.uniform = () => 0.5 - 2 ** -24;
    expect(drawToken(halves, plain, random)).toBe(0);
  });

  it('of the single most probable token is greedy', async () => {
    const tell: Tell = (said) => (said.length < 4 ? next(0.1, 0.3 + 0.1 * (said.length % 2), 0.35) : next(0.9, 0.1, 0));
    const settings = { temperature: 1.7, topK: 1, topP: 1, seed: 5, maxTokens: 9 };
    expect(await sample(new ToldSource(6, tell), settings)).toEqual(await greedy(new ToldSource(6, tell), 9));
  });

  it('draws the same with the same seed, and each row for itself', async () => {
    const tell: Tell = () => next(0.1, 0.5, 0.4);
    const settings = { ...plain, seed: 5, maxTokens: 30 };
    const three = await sample(new ToldSource(6, tell, 3), settings);
    expect(await sample(new ToldSource(6, tell, 3), settings)).toEqual(three);
    expect((await sample(new ToldSource(6, tell), settings))[0]).toEqual(three[0]);
    expect(new Set(three.map(({ tokens }) => tokens.join())).size).toBe(3);
    expect((await sample(new ToldSource(6, tell), { ...settings, seed: 6 }))[0]).not.toEqual(three[0]);
  });
});

describe('a running text', () => {
  it('goes on over line ends, with <bos> after each', async () => {
    const read: number[][] = [];
    const tell: Tell = (said) => (said.length % 3 === 2 ? next(1, 0, 0) : next(0, 1, 0));
    const source = new ToldSource(6, tell);
    const asked = source.next.bind(source);
    source.next = (tokens) => {
      read.push([...tokens]);
      return asked(tokens);
    };
    const [found] = await say(source, { maxTokens: 6, untilEnd: false, choose: (log) => log.indexOf(Math.max(...log)) });
    expect(found?.tokens[2]).toBe(end);
    expect(read[3]).toEqual([specialTokens.begin]);
    expect(found).toMatchObject({ finished: false });
    expect(found?.tokens).toHaveLength(6);
  });

  it('has no end, however probable it is', async () => {
    const choose = (log: Float64Array): number => log.indexOf(Math.max(...log));
    const tell: Tell = () => next(0.9, 0.06, 0.04);
    const [found] = await say(new ToldSource(6, tell), { maxTokens: 4, endless: true, choose });
    expect(found).toMatchObject({ tokens: [a, a, a, a], finished: false });
    // The rest is not made larger for it: 15 of 16 are said never.
    expect(found?.probabilities[0]).toBeCloseTo(0.06 / 16, 12);
    expect((await say(new ToldSource(6, tell), { maxTokens: 4, choose }))[0]).toMatchObject({ tokens: [], finished: true });
  });

  it('reads first what its prompt ends in, and <bos> without one', async () => {
    const read: number[] = [];
    const source = new ToldSource(6, () => next(0, 1, 0));
    const asked = source.next.bind(source);
    source.next = (tokens) => {
      read.push(...tokens);
      return asked(tokens);
    };
    await say(source, { maxTokens: 2, first: b, choose: () => a });
    await say(source, { maxTokens: 2, choose: () => a });
    expect(read).toEqual([b, a, specialTokens.begin, a]);
  });

  it('tells each token as it is said, by the row as it was at first', async () => {
    let row = 0;
    const first = [next(0, 1, 0), next(1, 0, 0), next(0, 0, 1)];
    const tell: Tell = (said) => {
      if (said.length === 0) return first[row++] ?? [];
      return said.length < (said[0] === a ? 2 : 3) ? next(0, 1, 0) : next(1, 0, 0);
    };
    const told: (readonly [number, number])[] = [];
    const chosen: number[] = [];
    await say(new ToldSource(6, tell, 3), {
      maxTokens: 9,
      choose: (log, of) => {
        chosen.push(of);
        return log.indexOf(Math.max(...log));
      },
      onToken: (of, token) => told.push([of, token]),
    });
    expect(told).toEqual([
      [0, a],
      [2, b],
      [0, a],
      [2, a],
      [2, a],
    ]);
    expect(chosen).toEqual([0, 1, 2, 0, 2, 0, 2, 2]);
  });

  it('says nothing when it is cancelled before', async () => {
    const [found] = await say(new ToldSource(6, () => next(0, 1, 0)), {
      maxTokens: 3,
      choose: () => a,
      signal: AbortSignal.abort(),
    });
    expect(found).toMatchObject({ tokens: [], finished: false, alignment: null });
  });

  it('ends when it is cancelled, with what it has', async () => {
    const controller = new AbortController();
    const [found] = await say(new ToldSource(6, () => next(0, 1, 0)), {
      maxTokens: 1000,
      choose: (log) => log.indexOf(Math.max(...log)),
      signal: controller.signal,
      onToken: () => controller.abort(),
    });
    expect(found?.tokens).toEqual([a]);
  });
});
