import fc from 'fast-check';
import { expect, it } from 'vitest';
import { tokenizerSettings } from '../../document/data-binding.ts';
import { Interner } from '../interner.ts';
import type { RulePatterns } from './rule.ts';
import { TextScanner } from './text-scanner.ts';
import { InputTokens } from './tokenize.ts';
import { expression } from './word.ts';

/** What the rule treats in ways of its own, beside any code point at all. */
const units = [
  ..." \t\n\r\u00a0\u200b'’'’.,!#*09aAzZéÉİΣςßДж日本ل؟؛ा।\u0301\u0308\ufe0e\ufe0f\u200d\u20e3❤→👍🏽🇩🇪💛𝔸𠀀\ufeff",
  '\u{e0067}',
];
const text = fc.oneof(
  fc.string({ unit: fc.constantFrom(...units), maxLength: 60 }),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: 'binary-ascii', maxLength: 60 }),
);
const patterns = { word: ['word', false], running: ['word', true], part: ['subword', false] } as const;

it.each(Object.keys(patterns) as (keyof RulePatterns)[])('finds the matches of the rule’s own expression: %s', (pattern) => {
  const [level, running] = patterns[pattern];
  for (const rule of [1, 2] as const) {
    for (const lowercase of [false, true]) {
      // One for all texts, as data is read: nothing of a text may be left when the next one is scanned.
      const scanner = new TextScanner(tokenizerSettings.parse({ level, lowercase, rule }), running);
      fc.assert(
        fc.property(text, fc.nat(70), (given, limit) => {
          const normalized = lowercase ? given.normalize('NFC').toLowerCase() : given.normalize('NFC');
          const expected = (normalized.match(expression(pattern, rule)) ?? []).slice(0, limit);
          const count = scanner.scan(given, limit);
          expect(Array.from({ length: count }, (_unused, i) => scanner.text(i))).toEqual(expected);
        }),
        { numRuns: 2_000 },
      );
    }
  }
});

it.each(['word', 'running', 'part', 'character'] as const)('finds in bytes what it finds in a text of ASCII: %s', (name) => {
  const [level, running] = name === 'character' ? (['character', false] as const) : patterns[name];
  for (const lowercase of [false, true]) {
    const scanner = new TextScanner(tokenizerSettings.parse({ level, lowercase }), running);
    const ascii = fc.oneof(
      fc.string({ unit: 'binary-ascii', maxLength: 60 }),
      fc.string({ unit: fc.constantFrom(..." \t\n\r\0.'-#aZ9"), maxLength: 60 }),
    );
    fc.assert(
      fc.property(ascii, fc.nat(70), fc.nat(5), (given, limit, before) => {
        const tokens = (count: number): string[] => Array.from({ length: count }, (_unused, i) => scanner.text(i));
        const expected = tokens(scanner.scan(given, limit));
        const bytes = new TextEncoder().encode(`${'x'.repeat(before)}${given}y`);
        expect(tokens(scanner.scanAscii(bytes, before, before + given.length, limit))).toEqual(expected);
      }),
      { numRuns: 1_000 },
    );
  }
});

it('finds the code points of the normalized text', () => {
  const scanner = new TextScanner(tokenizerSettings.parse({ level: 'character', lowercase: true }), false);
  fc.assert(
    fc.property(text, fc.nat(70), (given, limit) => {
      const count = scanner.scan(given, limit);
      const expected = [...given.normalize('NFC').toLowerCase()].slice(0, limit);
      expect(Array.from({ length: count }, (_unused, i) => scanner.text(i))).toEqual(expected);
    }),
    { numRuns: 2_000 },
  );
});

it('numbers the tokens of texts and of lists alike', () => {
  const texts = new Interner();
  const input = new InputTokens(tokenizerSettings.parse({}), texts);
  const idsOf = (read: Parameters<InputTokens['read']>[0]): number[] => {
    const count = input.read(read, 4);
    return [...input.ids(count).subarray(0, count)];
  };
  expect(idsOf({ kind: 'text', text: 'The cat, the hat' })).toEqual([0, 1, 2, 0]);
  expect(idsOf({ kind: 'tokens', tokens: ['Cat', 'the', 'new hat', ',', 'cat'] })).toEqual([1, 0, 3, 2]);
  expect(idsOf({ kind: 'text', text: 'hat 💛' })).toEqual([4, 5]);
  expect(texts.texts).toEqual(['the', 'cat', ',', 'new hat', 'hat', '💛']);
});
