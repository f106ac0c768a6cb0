import { expect, test } from 'vitest';
import { fromBase64, toBase64 } from '../protocol/base64.ts';
import { pack, unpack } from './pack.ts';

test('typed arrays of every kind, empty ones too, come out as they went in, beside plain data', () => {
  const value = {
    text: 'naïve – 日本',
    none: null,
    figures: [Number.NaN, Number.NEGATIVE_INFINITY, 'NaN'],
    empty: new Float32Array(0),
    floats: Float32Array.from([1.5, -2, Number.NaN]),
    nested: [{ bytes: Uint8Array.from([1, 2, 3]) }, { words: Uint16Array.from([65_535]), ints: Int32Array.from([-1, 2]) }],
    also: new Int32Array(0),
    last: Uint32Array.from([4_294_967_295]),
  };
  expect(unpack(pack(value))).toEqual(value);
});

test('an array that occurs twice is stored once', () => {
  const series = new Float32Array(1000);
  const bytes = pack({ train: series, validation: series });
  expect(bytes.length).toBeLessThan(5000);
  const { train, validation } = unpack(bytes) as { train: Float32Array; validation: Float32Array };
  expect(train).toBe(validation);
});

test('base64 survives any bytes, in pieces larger than one call takes', () => {
  const bytes = Uint8Array.from({ length: 100_003 }, (_, index) => index % 256);
  expect(fromBase64(toBase64(bytes))).toEqual(bytes);
});
