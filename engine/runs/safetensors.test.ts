import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeSafetensors, encodeSafetensors, type NamedTensor } from './safetensors.ts';

/** A file with one tensor `x` of raw bytes. */
function file(header: unknown, data: Uint8Array = new Uint8Array()): Uint8Array {
  const text = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + text.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  bytes.set(data, 8 + text.length);
  return bytes;
}
const one = (dtype: string, shape: unknown, data: Uint8Array): Uint8Array =>
  file({ x: { dtype, shape, data_offsets: [0, data.length] } }, data);

describe('decodeSafetensors', () => {
  it('gives back what was written, order and metadata included', () => {
    const tensors = new Map<string, NamedTensor>([
      ['b', { dtype: 'F32', shape: [2, 1], data: Float32Array.of(1.5, -0) }],
      ['a', { dtype: 'I32', shape: [], data: Int32Array.of(-7) }],
      ['empty', { dtype: 'F32', shape: [0, 3], data: new Float32Array() }],
    ]);
    const read = decodeSafetensors(encodeSafetensors(tensors, { format: 'pt' }));
    expect([...read.tensors]).toEqual([...tensors]);
    expect(read.metadata).toEqual({ format: 'pt' });
  });

  it('reads other floating-point numbers as float32', () => {
    const values = [1, -2.5, 0.333_251_953_125, 65_504, 2 ** -24, -0];
    const half = Uint16Array.of(0x3c00, 0xc100, 0x3555, 0x7bff, 0x0001, 0x8000);
    expect([...(decodeSafetensors(one('F16', [6], new Uint8Array(half.buffer))).tensors.get('x')?.data ?? [])]).toEqual(values);
    const doubles = Float64Array.from(values);
    expect([...(decodeSafetensors(one('F64', [2, 3], new Uint8Array(doubles.buffer))).tensors.get('x')?.data ?? [])]).toEqual(
      values,
    );
    const brain = Uint16Array.of(0x3f80, 0xc020);
    expect([...(decodeSafetensors(one('BF16', [2], new Uint8Array(brain.buffer))).tensors.get('x')?.data ?? [])]).toEqual([
      1, -2.5,
    ]);
    const special = Uint16Array.of(0x7c00, 0xfc00, 0x7e00);
    expect([...(decodeSafetensors(one('F16', [3], new Uint8Array(special.buffer))).tensors.get('x')?.data ?? [])]).toEqual([
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      Number.NaN,
    ]);
  });

  it.each([
    ['nothing', new Uint8Array(), 'header length'],
    ['a header longer than the file', one('F32', [1], new Uint8Array(4)).subarray(0, 20), 'header length'],
    ['a header that is not JSON', file('hello'), 'not JSON'],
    ['a header that is a list', file([]), 'bad header'],
    ['an entry without offsets', file({ x: { dtype: 'F32', shape: [1] } }), 'tensor x: expected dtype'],
    ['an entry that is no object', file({ x: 3 }), 'tensor x: expected dtype'],
    ['a negative size', one('F32', [-1], new Uint8Array(4)), 'tensor x: expected dtype'],
    ['numbers of another kind', one('I64', [1], new Uint8Array(8)), 'tensor x: expected F32, F16, BF16, F64 or I32, got I64'],
    ['a shape that the bytes do not hold', one('F32', [1_000_000_000], new Uint8Array(4)), 'tensor x: bad size'],
    ['a shape beyond any number', one('F32', [1e15, 1e15], new Uint8Array(4)), 'tensor x: bad size'],
    [
      'bytes beyond the end',
      file({ x: { dtype: 'F32', shape: [2], data_offsets: [0, 8] } }, new Uint8Array(4)),
      'tensor x: bad size',
    ],
  ])('refuses %s', (_what, bytes, message) => {
    expect(() => decodeSafetensors(bytes)).toThrow(message);
  });

  it('never does worse than an error, whatever the bytes', () => {
    const whole = encodeSafetensors(new Map([['x', { dtype: 'F32', shape: [3], data: Float32Array.of(1, 2, 3) }]]));
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), (at, byte) => {
        const damaged = Uint8Array.from(whole);
        damaged[at] = byte;
        try {
          for (const { shape, data } of decodeSafetensors(damaged).tensors.values()) {
            expect(data.length).toBe(shape.reduce((product, size) => product * size, 1));
          }
        } catch (error) {
          expect((error as Error).message).toMatch(/safetensors|tensor/);
        }
      }),
    );
  });
});
