import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TokenizerSettings } from '../../document/data-binding.ts';
import { tokenizerSettings } from '../../document/data-binding.ts';
import { pythonPatterns } from './rule.ts';
import { givenTokens, tokenizeText } from './tokenize.ts';

const word: TokenizerSettings = tokenizerSettings.parse({});
const character: TokenizerSettings = tokenizerSettings.parse({ level: 'character', lowercase: false });
/** Whole code points only: half of a surrogate pair is in no file. */
const anyText = fc.string({ unit: 'binary', maxLength: 200 });

describe('word tokens', () => {
  it.each([
    ['Kate Farrahi and Jonathon Hare teach deep learning', 'kate|farrahi|and|jonathon|hare|teach|deep|learning'],
    ["Don’t stop, it's 3.5 % (really)!", "don’t|stop|,|it's|3|.|5|%|(|really|)|!"],
    ["'quoted' rock'n'roll x''y", "'|quoted|'|rock'n'roll|x|'|'|y"],
    ['naïve café — ÉTÉ', 'naïve|café|—|été'],
    ['e\u0301te\u0301', 'été'],
    ['日本語。テスト', '日本語|。|テスト'],
    ['नमस्ते दुनिया', 'नमस्ते|दुनिया'],
    ['I 💛 RNNs🙂🙂', 'i|💛|rnns|🙂|🙂'],
    ['snake_case\u00a0and\ttabs\n', 'snake_case|and|tabs'],
    ['', ''],
    [' \u200b\ufeff ', ''],
  ])('%j', (text, expected) => {
    expect(tokenizeText(text, word).join('|')).toBe(expected);
  });

  it('stops at the limit', () => {
    expect(tokenizeText('a b c d', word, 2)).toEqual(['a', 'b']);
    expect(tokenizeText('abcd', character, 3)).toEqual(['a', 'b', 'c']);
  });

  it('loses nothing but space, and splitting the tokens again changes nothing', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const tokens = tokenizeText(text, word);
        expect(tokens.join('')).toBe(
          tokenizeText(text, { ...word, level: 'character' })
            .filter((point) => tokenizeText(point, word).length > 0)
            .join(''),
        );
        for (const token of tokens) expect(tokenizeText(token, { ...word, lowercase: false })).toEqual([token]);
      }),
    );
  });

  it('is linear in a text of 50,000 tokens', () => {
    expect(tokenizeText("don't, ".repeat(25_000), word)).toHaveLength(50_000);
  });
});

describe('character tokens', () => {
  it('are the code points of the normalized text', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(tokenizeText(text, character).join('')).toBe(text.normalize('NFC'));
      }),
    );
  });
});

it('keeps given tokens one for one', () => {
  expect(givenTokens(['U.S.', 'New York'], word, 9)).toEqual(['u.s.', 'new york']);
});

it('joins the parts that sub-words are made of to the text, given tokens with spaces between them, as many as are asked for', () => {
  const subword = tokenizerSettings.parse({ level: 'subword', lowercase: false });
  expect(tokenizeText('New York,  now', subword)).toEqual(['New', ' York', ',', ' ', ' now']);
  const tokens = ['New York', 'is', 'big'];
  expect(givenTokens(tokens, subword, 9)).toEqual(['New York', ' is', ' big']);
  expect(givenTokens(tokens, subword, 2)).toEqual(['New York', ' is']);
  expect(givenTokens(tokens, character, 9)).toEqual(tokens);
});

it('takes line ends and indentation for words of a running text alone', () => {
  const text = 'a:\n\tb  c';
  expect(tokenizeText(text, word)).toEqual(['a', ':', 'b', 'c']);
  expect(tokenizeText(text, word, 5, null, true)).toEqual(['a', ':', '\n', '\t', 'b']);
});

const python = (() => {
  try {
    execFileSync('python3', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

describe.runIf(python)('the same rule in Python', () => {
  it('gives the same tokens', () => {
    const texts = fc.sample(anyText, { numRuns: 400, seed: 7 });
    texts.push("Don’t 'stop' — e\u0301te\u0301 ΟΔΟΣ İstanbul 💛 नमस्ते");
    const program = `
import json, re, sys, unicodedata
pattern, texts = json.load(sys.stdin)
print(json.dumps([re.findall(pattern, unicodedata.normalize("NFC", text)) for text in texts]))
`;
    const output = execFileSync('python3', ['-c', program], {
      input: JSON.stringify([pythonPatterns[2].word, texts]),
      encoding: 'utf8',
    });
    const expected = texts.map((text) => tokenizeText(text, { ...word, lowercase: false }));
    expect(JSON.parse(output)).toEqual(expected);
  });
});

it.each([
  ['apple ❤️ love', ['apple', '❤️', 'love']],
  ['❤️love 👍🏽x', ['❤️', 'love', '👍🏽', 'x']],
  ['👩‍👩‍👧‍👦ok 🏳️‍🌈', ['👩‍👩‍👧‍👦', 'ok', '🏳️‍🌈']],
  ['🇩🇪🇫🇷 1️⃣', ['🇩🇪', '🇫🇷', '1️⃣']],
  ['كيف حالك؟ نعم، جيد', ['كيف', 'حالك', '؟', 'نعم', '،', 'جيد']],
  ['यह अच्छा है। हाँ॥', ['यह', 'अच्छा', 'है', '।', 'हाँ', '॥']],
  ['بית־ספר می‌خواهم', ['بית', '־', 'ספר', 'می‌خواهم']],
])('cuts %s by the rule of today, as Python does', (text, expected) => {
  const settings = tokenizerSettings.parse({ lowercase: false });
  expect(tokenizeText(text, settings)).toEqual(expected);
  const program =
    'import json,re,sys,unicodedata; p,t = json.load(sys.stdin); print(json.dumps(re.findall(p, unicodedata.normalize("NFC", t))))';
  const input = JSON.stringify([pythonPatterns[2].word, text]);
  expect(JSON.parse(execFileSync('python3', ['-c', program], { input, encoding: 'utf8' }))).toEqual(expected);
  const before = { ...settings, rule: 1 as const };
  expect(tokenizeText('حالك؟', before)).toEqual(['حالك؟']);
});
