import { describe, expect, it } from 'vitest';
import { float32List, float64List, IdList, idArray, int32List, uint32List } from './growing-list.ts';
import { Interner } from './interner.ts';

/** Longer than one of the pieces that a list is made of. */
const many = 2 ** 20 + 5;

it.each([
  ['int32', int32List, Int32Array, (i: number) => i - 7],
  ['uint32', uint32List, Uint32Array, (i: number) => i + 3e9],
  ['float32', float32List, Float32Array, (i: number) => i + 0.5],
  ['float64', float64List, Float64Array, (i: number) => i / 3],
] as const)('a list of %s holds all that was pushed, in order', (_name, make, type, value) => {
  const list = make();
  expect(list.flat()).toEqual(new type(0));
  for (let i = 0; i < many; i++) list.push(value(i));
  expect(list.length).toBe(many);
  const expected = new type(many).map((_zero: number, i: number) => value(i));
  // Compared as bytes: element by element it takes seconds.
  expect(Buffer.from(list.flat().buffer).equals(Buffer.from(expected.buffer))).toBe(true);
  for (const i of [0, 1, 2 ** 20 - 1, 2 ** 20, many - 1]) expect(list.at(i)).toBe(expected[i]);
});

describe('a list of ids', () => {
  it.each([[255], [256], [65_535], [65_536], [2 ** 31 - 1]])('keeps what stood before it grows wide enough for %i', (large) => {
    const list = new IdList();
    for (let id = 0; id <= 255; id++) list.push(id);
    list.push(large);
    list.push(7);
    list.push(large - 1);
    expect(list.length).toBe(259);
    expect(Array.from({ length: 259 }, (_unused, i) => list.at(i))).toEqual([
      ...Array.from({ length: 256 }, (_unused, i) => i),
      large,
      7,
      large - 1,
    ]);
  });

  it('holds all that was pushed, however wide and long it grows, one after the other and at once', () => {
    const ids = Array.from({ length: 5000 }, (_unused, i) => (i < 2048 ? i % 256 : i < 3000 ? i : i + 70_000));
    const list = new IdList();
    for (const id of ids) list.push(id);
    expect(Array.from({ length: list.length }, (_unused, i) => list.at(i))).toEqual(ids);
  });

  it('takes and gives many at once, across the pieces that it is made of', () => {
    const list = new IdList();
    const ids = Int32Array.from({ length: 3000 }, (_unused, i) => i * 40);
    const length = 400 * ids.length;
    for (let i = 0; i < 400; i++) list.pushAll(ids, ids.length);
    expect(list.length).toBe(length);
    const expected = (start: number, end: number): number[] =>
      Array.from({ length: end - start }, (_unused, i) => ((start + i) % ids.length) * 40);
    for (const [start, end] of [[0, 5], [2 ** 20 - 3, 2 ** 20 + 4000], [length - 7, length]] as const) // biome-ignore format: one list
      expect([...list.range(start, end).subarray(0, end - start)]).toEqual(expected(start, end));
  });

  it('goes on in another piece, narrow again', () => {
    const list = new IdList();
    for (let i = 0; i < many; i++) list.push(i < 2 ** 20 ? 70_000 + i : i % 200);
    expect(list.length).toBe(many);
    for (let i = 0; i < many; i += 997) expect(list.at(i)).toBe(i < 2 ** 20 ? 70_000 + i : i % 200);
    expect([list.at(2 ** 20 - 1), list.at(2 ** 20), list.at(many - 1)]).toEqual([
      70_000 + 2 ** 20 - 1,
      2 ** 20 % 200,
      (many - 1) % 200,
    ]);
  });
});

it('is the narrowest array that holds the largest id', () => {
  const kinds = [0, 255, 256, 65_535, 65_536].map((id) => idArray(3, id));
  expect(kinds.map((array) => [array.BYTES_PER_ELEMENT, array.length])).toEqual([
    [1, 3],
    [1, 3],
    [2, 3],
    [2, 3],
    [4, 3],
  ]);
  const asked: number[] = [];
  for (const id of [255, 65_535, 65_536]) {
    idArray(3, id, (bytes) => {
      asked.push(bytes);
      return new ArrayBuffer(bytes);
    });
  }
  expect(asked).toEqual([3, 6, 12]);
});

it('numbers texts in the order of their first appearance, up to a limit', () => {
  const interner = new Interner(3);
  const long = 'a text of more than thirteen letters';
  expect(['b', long, 'b', 'a', 'b', long].map((text) => interner.id(text))).toEqual([0, 1, 0, 2, 0, 1]);
  expect(interner.overflowed).toBe(false);
  expect(interner.texts).toEqual(['b', long, 'a']);
  expect(['new', 'a', 'other'].map((text) => interner.id(text))).toEqual([3, 2, 3]);
  expect(interner.overflowed).toBe(true);
  expect(interner.texts).toEqual(['b', long, 'a']);
  expect(Array.from({ length: 5 }, (_unused, i) => new Interner().id(`${i}`))).toEqual([0, 0, 0, 0, 0]);
});

it('tells 200,000 texts apart, some of which have the same hash', () => {
  const interner = new Interner();
  const texts = Array.from({ length: 200_000 }, (_unused, i) => `text ${i}`);
  for (let i = 0; i < texts.length; i++)
    if (interner.id(texts[i] ?? '') !== i) throw new Error(`text ${i} was taken for another`);
  for (let i = 0; i < texts.length; i += 7)
    if (interner.id(texts[i] ?? '') !== i) throw new Error(`text ${i} was not found again`);
  expect(interner.texts).toEqual(texts);
});
