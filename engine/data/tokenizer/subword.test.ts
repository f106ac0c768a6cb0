import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tokenizerSettings } from '../../document/data-binding.ts';
import { pythonFile } from '../../export/python-file.ts';
import { Turns } from '../turns.ts';
import { learnMerges } from './learn-merges.ts';
import { MergeQueue } from './merge-queue.ts';
import { pythonPatterns } from './rule.ts';
import { cutPart, type Merge, rankMerges } from './subword.ts';
import { tokenizeText } from './tokenize.ts';
import { expression } from './word.ts';

const partsOf = (text: string): string[] => text.normalize('NFC').match(expression('part', 2)) ?? [];
const settings = (maxVocabulary: number, minCount = 1) =>
  tokenizerSettings.parse({ level: 'subword', lowercase: false, maxVocabulary, minCount });

/** Learns from whole texts, each different part once. */
async function learn(texts: readonly string[], maxVocabulary: number, minCount = 1) {
  const counts = new Map<string, number>();
  for (const text of texts) {
    for (const part of partsOf(text)) counts.set(part, (counts.get(part) ?? 0) + 1);
  }
  return learnMerges(
    [...counts.keys()],
    Uint32Array.from(counts.values()),
    settings(maxVocabulary, minCount),
    new Turns(undefined),
  );
}

const anyText = fc.string({ unit: 'binary', maxLength: 120 });
const wordy = fc.array(fc.constantFrom('low', 'lower', 'newest', 'widest', ' ', ', ', '\n', 'ü', 'don’t', '💛'), {
  maxLength: 30,
});

describe('learning', () => {
  it('merges as in the paper’s example', async () => {
    const texts = ['low', 'lower', 'newest', 'widest'];
    const { merges } = await learnMerges(texts, Uint32Array.of(5, 2, 6, 3), settings(14), new Turns(undefined));
    // 10 characters. es 9, then est 9, then lo 7 and low 7; ne, ew and wes were 6, the first in code point order is taken.
    expect(merges).toEqual([
      ['e', 's'],
      ['es', 't'],
      ['l', 'o'],
      ['lo', 'w'],
    ]);
  });

  it('stops at the size asked for, at pairs seen once, and at the minimum count', async () => {
    const texts = Array.from({ length: 40 }, (_, i) => `the number ${i} and the others`);
    for (const size of [5, 30, 40]) expect((await learn(texts, size)).tokens).toHaveLength(size);
    expect((await learn(['abcd'], 100)).merges).toEqual([]);
    expect((await learn(['ab ab ab', 'cd cd'], 100, 3)).merges).toEqual([['a', 'b']]);
  });

  it('keeps the characters that training has most often where not all fit, of equal ones those first in code point order', async () => {
    const tokens = async (size: number) =>
      (await learnMerges(['bz', 'z', 'ay', 'ж'], Uint32Array.of(1, 2, 1, 0), settings(size), new Turns(undefined))).tokens;
    expect(await tokens(1)).toEqual(['z']);
    expect(await tokens(3)).toEqual(['z', 'a', 'b']);
    // What validation alone has is not learned.
    expect(await tokens(9)).toEqual(['z', 'a', 'b', 'y']);
  });

  it('takes the pair that a recount finds at every step', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(wordy, { minLength: 1, maxLength: 6 }), async (rows) => {
        const texts = rows.map((row) => row.join(''));
        const { merges } = await learn(texts, 60);
        const parts = texts.flatMap((text) => partsOf(text));
        merges.forEach((merge, n) => {
          const counts = new Map<string, number>();
          for (const part of parts) {
            const pieces = cutPart(part, rankMerges(merges.slice(0, n)));
            for (let i = 0; i + 1 < pieces.length; i++) {
              const pair = JSON.stringify([pieces[i], pieces[i + 1]]);
              counts.set(pair, (counts.get(pair) ?? 0) + 1);
            }
          }
          expect(counts.get(JSON.stringify(merge))).toBe(Math.max(...counts.values()));
        });
      }),
      { numRuns: 30 },
    );
  });

  it('depends on counts alone, not on the order of the rows', async () => {
    const texts = ['banana bandana', 'ananas', 'band and banner', 'ban ban'];
    const { merges } = await learn(texts, 40);
    expect(merges.length).toBeGreaterThan(3);
    expect((await learn([...texts].reverse(), 40)).merges).toEqual(merges);
  });
});

describe('cutting', () => {
  it('loses nothing: the tokens joined are the text', async () => {
    const { merges } = await learn(['the cat and the cats ate the hat — don’t', 'naïve 💛💛'], 80);
    const ranks = rankMerges(merges);
    const whole = { ...settings(80), lowercase: false };
    fc.assert(
      fc.property(
        fc.oneof(
          anyText,
          wordy.map((row) => row.join('')),
        ),
        (text) => {
          const tokens = tokenizeText(text, whole, undefined, ranks);
          expect(tokens.join('')).toBe(text.normalize('NFC'));
          expect(tokenizeText(text, whole, 5, ranks)).toEqual(tokens.slice(0, 5));
        },
      ),
    );
    expect(tokenizeText('the cat', whole, undefined, ranks).length).toBeLessThan(4);
  });

  it('keeps ab+c and a+bc apart', () => {
    const merges: Merge[] = [
      ['b', 'c'],
      ['a', 'bc'],
    ];
    expect(cutPart('abc', rankMerges(merges))).toEqual(['abc']);
    expect(cutPart('abc', rankMerges([['ab', 'c'], ...merges.slice(1)]))).toEqual(['a', 'b', 'c']);
  });

  it('adds nothing to the last piece, not even where a merge is with the word “undefined”', () => {
    const word = [...'undefined'];
    const joins = word.slice(1).map((letter, i): Merge => [word.slice(0, i + 1).join(''), letter]);
    expect(cutPart('=undefined=', rankMerges([...joins, ['=', 'undefined']]))).toEqual(['=undefined', '=']);
  });

  it('stays quick on one word of 50,000 letters', () => {
    const word = 'abcab'.repeat(10_000);
    expect(cutPart(word, rankMerges([['a', 'b']])).join('')).toBe(word);
  });
});

it('gives pairs back most frequent first, equal ones in order', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(5), fc.nat(9))), (entries) => {
      const queue = new MergeQueue<number>((a, b) => a < b);
      for (const [count, pair] of entries) queue.push(pair, count);
      const popped = entries.map(() => queue.pop());
      expect(queue.pop()).toBeUndefined();
      expect(popped.map((top) => [top?.count, top?.pair])).toEqual([...entries].sort(([n, a], [m, b]) => m - n || a - b));
    }),
  );
});

it('is cut alike by the exported Python', async () => {
  const { merges } = await learn(['the cat and the cats ate the hat — don’t', 'naïve 💛💛 übung übt'], 90);
  const texts = [
    ...fc.sample(anyText, { numRuns: 200, seed: 7 }),
    ...fc.sample(wordy, { numRuns: 50, seed: 8 }).map((row) => row.join('')),
  ];
  texts.push('the cat’s übung — don’t 💛💛\n\tnaïve');
  const rule = {
    level: 'subword',
    normalization: 'NFC',
    lowercase: false,
    word_pattern: pythonPatterns[2].part,
    max_length: 30,
    merges,
  };
  const script = `${pythonFile('tokens.py')}\nimport json, sys\nrule, texts = json.load(sys.stdin)\nprint(json.dumps([tokenize(text, rule) for text in texts]))\n`;
  const output = execFileSync('python3', ['-c', script], { input: JSON.stringify([rule, texts]), encoding: 'utf8' });
  const ranks = rankMerges(merges);
  expect(JSON.parse(output)).toEqual(texts.map((text) => tokenizeText(text, { ...settings(90), lowercase: false }, 30, ranks)));
});
