import { describe, expect, it } from 'vitest';
import { unitPattern } from '../../protocol/inspect-units.ts';
import { placesOf, rangesWhere } from './unit-places.ts';

const sequence = (words: readonly string[], start = 0) => ({ start, words });
const words = (text: string) => ({
  level: 'word' as const,
  sequences: [sequence(text.split('_'))],
  labels: null,
  classes: [],
});
const letters = (text: string, level: 'character' | 'subword' = 'character') => ({
  level,
  sequences: [sequence(level === 'character' ? [...text] : text.split('|'))],
  labels: null,
  classes: [],
});
const text = (pattern: string, ignoreCase = false) => unitPattern.parse({ kind: 'text', pattern, ignoreCase });
const marked = (given: Parameters<typeof placesOf>[0], pattern: ReturnType<typeof text>): string =>
  placesOf(given, pattern)
    .map((holds) => (holds === null ? '-' : holds ? '1' : '0'))
    .join('');

describe('steps at which something holds', () => {
  it('are those whose tokens overlap a match in the whole text', () => {
    expect(marked(letters('he said "no", "so"'), text('"[^"]*"'))).toBe('000000001111001111');
    expect(marked(words('the_cats_and_the_cat'), text('\\bcats?\\b'))).toBe('01001');
    expect(marked(words('the_cats_and_the_cat'), text('cats and'))).toBe('01100');
    expect(marked(letters('play|ing| pl|ays', 'subword'), text('yi'))).toBe('1100');
  });

  it('do not depend on case where that is asked, and an empty match is none', () => {
    expect(marked(words('The_cat_the'), text('the'))).toBe('001');
    expect(marked(words('The_cat_the'), text('the', true))).toBe('101');
    expect(marked(words('The_cat'), text('x*'))).toBe('00');
  });

  it('know the line ends of a running text, which stand without space', () => {
    const lines = { ...words('a_\n_b_c'), level: 'word' as const };
    expect(marked(lines, text('\\nb'))).toBe('0110');
  });

  it('hold more than one letter a token, also beyond the basic plane', () => {
    expect(marked(letters('x🙂y'), text('.y'))).toBe('011');
  });

  const labelled = {
    level: 'word' as const,
    sequences: [sequence(['a', 'b', 'c']), sequence(['d', 'e'], 3)],
    labels: Int32Array.of(0, 1, 1, -1, 0),
    classes: ['no', 'yes'],
  };
  it('are those of a label; steps without one are not compared', () => {
    expect(marked(labelled, unitPattern.parse({ kind: 'label', label: 'yes' }))).toBe('011-0');
    expect(marked(labelled, unitPattern.parse({ kind: 'label', label: 'yes', at: 'last' }))).toBe('--1-0');
  });

  it('are those at a position, from the front or from the end', () => {
    expect(marked(labelled, unitPattern.parse({ kind: 'position', from: 1, to: 2 }))).toBe('11011');
    expect(marked(labelled, unitPattern.parse({ kind: 'position', from: 1, to: 1, end: true }))).toBe('00101');
  });
});

it('ranges are told, so many at most', () => {
  expect(rangesWhere([true, true, false, null, true], 9)).toEqual([
    [0, 1],
    [4, 4],
  ]);
  expect(rangesWhere([true, false, true], 1)).toEqual([[0, 0]]);
});
