import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tokenizerSettings } from '../document/data-binding.ts';
import { orderClasses } from './class-names.ts';
import type { EncodedSplit } from './dataset.ts';
import { specialIds } from './special-tokens.ts';
import { frequentTokens, unknownShare } from './token-report.ts';
import { compareText, fitVocabulary, idsOf, knownVocabulary, vocabularyOf } from './vocabulary.ts';

const settings = (minCount: number, maxVocabulary: number) => tokenizerSettings.parse({ minCount, maxVocabulary });
const special = ['<pad>', '<unk>', '<bos>', '<eos>'];

describe('a vocabulary', () => {
  it('holds the most frequent tokens first, equal ones in code point order', () => {
    const texts = ['é', 'b', 'a', 'rare', 'Z', 'most'];
    const counts = Uint32Array.of(3, 3, 3, 1, 3, 9);
    const { tokens, idOfText, unknown } = fitVocabulary(texts, counts, settings(2, 100));
    expect(tokens).toEqual([...special, 'most', 'Z', 'a', 'b', 'é']);
    expect([...idOfText]).toEqual([8, 7, 6, 1, 5, 4]);
    expect(unknown).toBe(1);
    expect(fitVocabulary(texts, counts, settings(2, 2)).tokens).toEqual([...special, 'most', 'Z']);
    expect(fitVocabulary(texts, counts, settings(1, 6)).tokens).toHaveLength(10);
    expect(fitVocabulary(texts, counts, settings(10, 6)).tokens).toEqual(special);
  });

  it('is in one order, whatever the counts', () => {
    expect([compareText('a', 'a'), compareText('a', 'b'), compareText('b', 'a'), compareText('Z', 'a')]).toEqual([0, -1, 1, -1]);
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.string({ minLength: 1, maxLength: 3 }), { maxLength: 20 }),
        fc.array(fc.nat(3)),
        (texts, of) => {
          const counts = Uint32Array.from(texts, (_text, i) => of[i] ?? 1);
          const rest = new Set(texts.filter((text, i) => !special.includes(text) && (counts[i] ?? 0) >= 1));
          const expected: string[] = [];
          // The best of those left, again and again.
          const better = (a: string, b: string): boolean => {
            const [n, m] = [counts[texts.indexOf(a)] ?? 0, counts[texts.indexOf(b)] ?? 0];
            return n > m || (n === m && a < b);
          };
          while (rest.size > 0) {
            const best = [...rest].reduce((found, text) => (better(text, found) ? text : found));
            expected.push(best);
            rest.delete(best);
          }
          expect(fitVocabulary(texts, counts, settings(1, 100)).tokens).toEqual([...special, ...expected]);
        },
      ),
    );
  });

  it('takes no text for a special token that it spells', () => {
    const { tokens, idOfText } = fitVocabulary(['<eos>', 'x', '<pad>'], Uint32Array.of(5, 1, 5), settings(1, 100));
    expect(tokens).toEqual([...special, 'x']);
    expect([...idOfText]).toEqual([1, 4, 1]);
  });

  it('of a model may have no special tokens, or have them anywhere', () => {
    expect(vocabularyOf(['a', 'b'], ['b', 'c', 'a'])).toEqual({
      tokens: ['a', 'b'],
      unknown: -1,
      idOfText: Int32Array.of(1, -1, 0),
    });
    const { unknown, idOfText } = vocabularyOf(['a', '[UNK]', 'a', 'b', '[PAD]'], ['a', 'b', '[PAD]', 'c']);
    expect(unknown).toBe(1);
    // Of a text that stands twice, the first id counts.
    expect([...idOfText]).toEqual([0, 3, 1, 1]);
    expect([...idsOf(['x', 'y', 'x', '<unk>'])]).toEqual([
      ['x', 0],
      ['y', 1],
    ]);
  });

  it('of a model is refused where it knows nothing of the data, or lacks a token and has none for unknown ones', () => {
    expect([...knownVocabulary(['b', 'q'], ['<unk>', 'a', 'b']).idOfText]).toEqual([2, 0]);
    expect(() => knownVocabulary(['p', 'q'], ['<unk>', 'a', 'b'])).toThrow('None of the data’s 2 tokens');
    expect(() => knownVocabulary(['p', 'q'], ['a', 'b'])).toThrow('None of the data’s 2 tokens');
    expect(() => knownVocabulary(['a', 'q', 'r'], ['a', 'b'])).toThrow('“q” is not in the model’s vocabulary');
    expect(() => knownVocabulary(['q', 'a'], ['a', 'b'])).toThrow('“q” is not in the model’s vocabulary');
    expect([...knownVocabulary(['b', 'a'], ['a', 'b']).idOfText]).toEqual([1, 0]);
    expect(knownVocabulary([], ['a', 'b']).idOfText).toHaveLength(0);
  });
});

describe('special tokens', () => {
  it.each([
    [['<pad>', '<unk>', '<bos>', '<eos>', 'x'], { pad: 0, unknown: 1, begin: 2, end: 3 }],
    [['a', '[PAD]', '[CLS]', '[SEP]', '[UNK]'], { pad: 1, unknown: 4, begin: 2, end: 3 }],
    [['<s>', '</s>', '<OOV>', 'b'], { pad: null, unknown: 2, begin: 0, end: 1 }],
    [['<sos>', '<unknown>', '<bos>'], { pad: null, unknown: 1, begin: 0, end: null }],
    [['<bos>', '<sos>', '<unk>', '<unk>'], { pad: null, unknown: 2, begin: 0, end: null }],
    [['pad', '<pad', 'pad>', '<pad>s', 'x<pad>', '<pad]', '<>', '<p ad>'], { pad: null, unknown: null, begin: null, end: null }],
  ])('of %j', (tokens, expected) => {
    const { all, unknown } = specialIds(tokens);
    expect(unknown).toBe(expected.unknown);
    expect([...all].sort()).toEqual(
      Object.values(expected)
        .filter((id) => id !== null)
        .sort(),
    );
    expect(specialIds(tokens)).toBe(specialIds(tokens));
  });
});

describe('what the report tells of tokens', () => {
  const split = (tokens: EncodedSplit['tokens']): EncodedSplit => ({
    count: 1,
    offsets: Uint32Array.of(0, tokens?.length ?? 0),
    tokens,
    series: null,
    classTargets: null,
    tagTargets: null,
    numberTargets: null,
    lines: Uint32Array.of(1),
  });

  it('the share that is unknown', () => {
    const vocabulary = vocabularyOf([...special, 'a'], []);
    expect(unknownShare(split(Uint8Array.of(1, 4, 1, 4, 4, 4, 4, 1)), vocabulary)).toBe(3 / 8);
    expect(unknownShare(split(new Uint8Array()), vocabulary)).toBe(0);
    expect(unknownShare(split(null), vocabulary)).toBe(0);
  });

  it('the most frequent, equal ones by their id, none that the vocabulary lacks or training never has', () => {
    const texts = ['x', 'gone', '<eos>', 'y', 'never', 'z'];
    const vocabulary = vocabularyOf([...special, 'z', 'y', 'x', 'never'], texts);
    expect(frequentTokens(texts, Uint32Array.of(2, 50, 40, 2, 0, 7), vocabulary)).toEqual([
      { token: 'z', count: 7 },
      { token: 'y', count: 2 },
      { token: 'x', count: 2 },
    ]);
    const without = vocabularyOf(['x'], ['x', 'y']);
    expect(frequentTokens(['x', 'y'], Uint32Array.of(1, 9), without)).toEqual([{ token: 'x', count: 1 }]);
    const many = Array.from({ length: 60 }, (_unused, i) => `w${i}`);
    expect(frequentTokens(many, new Uint32Array(60).fill(1), vocabularyOf([...special, ...many], many))).toHaveLength(40);
  });
});

describe('classes', () => {
  it('stand in order: as numbers where all are, else by code points', () => {
    expect(orderClasses(['10', '9', '-1', '2.5'])).toEqual({
      names: ['-1', '2.5', '9', '10'],
      idOfLabel: Int32Array.of(3, 2, 0, 1),
    });
    expect(orderClasses(['10', '9', 'x']).names).toEqual(['10', '9', 'x']);
    // Spelled in two ways, one number is two classes.
    expect(orderClasses(['1.0', '1', '0']).names).toEqual(['0', '1', '1.0']);
    expect([...orderClasses(['b', 'a', 'c']).idOfLabel]).toEqual([1, 0, 2]);
  });

  it('stand in the same order wherever they come first', () => {
    const sorted = ['-3', '0', '0.0', '1', '1.50', '2e1', '100'];
    fc.assert(
      fc.property(fc.shuffledSubarray(sorted, { minLength: 1 }), (labels) => {
        const { names, idOfLabel } = orderClasses(labels);
        expect(names).toEqual(sorted.filter((label) => labels.includes(label)));
        labels.forEach((label, i) => {
          expect(names[idOfLabel[i] ?? -1]).toBe(label);
        });
        expect(orderClasses([...labels, 'x']).names).toEqual([...labels, 'x'].sort());
      }),
    );
  });

  it('are at most 10,000', () => {
    const labels = Array.from({ length: 10_001 }, (_unused, i) => `c${i}`);
    expect(orderClasses(labels.slice(1)).names).toHaveLength(10_000);
    expect(() => orderClasses(labels)).toThrow('10,001 different values: expected classes, at most 10,000');
  });
});
