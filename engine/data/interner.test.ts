import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Interner } from './interner.ts';

/** Short and long ones, with zeros at their ends, of ASCII, of Latin-1, of halves of pairs: neighbours that may be taken for each other. */
const text = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', 'b', '\0', '\u007f', '\u0080', 'á', 'š', '\u0161', '\ud83d', '慡'), maxLength: 15 }),
  fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 10, maxLength: 14 }),
);

it('numbers texts in order of appearance, each once', () => {
  fc.assert(
    fc.property(fc.array(text, { maxLength: 60 }), (texts) => {
      const interner = new Interner();
      const numbers = new Map<string, number>();
      for (const one of texts) {
        if (!numbers.has(one)) numbers.set(one, numbers.size);
        expect(interner.id(one)).toBe(numbers.get(one));
      }
      expect(interner.texts).toEqual([...numbers.keys()]);
    }),
    { numRuns: 2_000 },
  );
});

it('keeps its numbers while it grows, of short texts and long', () => {
  const interner = new Interner();
  const texts = Array.from({ length: 20_000 }, (_unused, i) => (i % 3 === 0 ? `a long text, number ${i}` : `${i}`));
  const first = texts.map((one) => interner.id(one));
  expect(first).toEqual(texts.map((_one, i) => i));
  expect(texts.map((one) => interner.id(one))).toEqual(first);
});

it('finds a text among other units, and turns new ones away when it is full', () => {
  const interner = new Interner(2);
  const units = Uint16Array.from('xabxcdx', (sign) => sign.charCodeAt(0));
  expect([interner.idOf(units, 1, 3), interner.idOf(units, 4, 6), interner.id('ab')]).toEqual([0, 1, 0]);
  expect(interner.overflowed).toBe(false);
  expect([interner.id('new'), interner.id('cd')]).toEqual([2, 1]);
  expect(interner.overflowed).toBe(true);
});
