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

  it('reads what was written whatever the length of its header', () => {
    for (let length = 1; length <= 8; length++) {
      const tensors = new Map([
        ['n'.repeat(length), { dtype: 'F32' as const, shape: [90], data: new Float32Array(90).fill(1.5) }],
      ]);
      expect([...decodeSafetensors(encodeSafetensors(tensors)).tensors]).toEqual([...tensors]);
    }
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

  it('reads every kind of half precision number', () => {
    const halves = Uint16Array.of(0x0400, 0x8400, 0x03ff, 0x3c01, 0xfbff, 0x7e01, 0xfe00, 0x3800, 0x4248);
    const { data } = decodeSafetensors(one('F16', [9], new Uint8Array(halves.buffer))).tensors.get('x') ?? {};
    // As numpy's `view(float16)` reads them.
    expect([...(data ?? [])]).toEqual([
      2 ** -14,
      -(2 ** -14),
      1023 * 2 ** -24,
      1 + 2 ** -10,
      -65_504,
      Number.NaN,
      Number.NaN,
      0.5,
      3.140625,
    ]);
  });

  it('reads and writes a part of a larger buffer, and shares no memory with it', () => {
    const numbers = Float32Array.of(9, 1, 2, 9).subarray(1, 3);
    const written = encodeSafetensors(new Map([['x', { dtype: 'F32', shape: [2], data: numbers }]]));
    const pool = new Uint8Array(written.length + 16).fill(0xff);
    pool.set(written, 8);
    const { data } = decodeSafetensors(pool.subarray(8, 8 + written.length)).tensors.get('x') ?? {};
    pool.fill(0);
    expect(data).toEqual(Float32Array.of(1, 2));
  });

  it('begins the numbers at a multiple of 8, as the format asks for, after a header filled up with spaces', () => {
    for (const name of ['x', 'xy', 'xyz', 'abcdefgh', 'abcdefghi']) {
      const bytes = encodeSafetensors(new Map([[name, { dtype: 'F32', shape: [1], data: Float32Array.of(1) }]]), {});
      const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
      expect(length % 8).toBe(0);
      expect(bytes.length).toBe(8 + length + 4);
      const header = new TextDecoder().decode(bytes.subarray(8, 8 + length));
      expect(header).toMatch(/^\{.*\} {0,7}$/);
      expect([...bytes.subarray(8 + length)]).toEqual([0, 0, 0x80, 0x3f]);
    }
  });

  it('leaves tensors of other kinds out where that is told', () => {
    const header = {
      steps: { dtype: 'I64', shape: [], data_offsets: [0, 8] },
      x: { dtype: 'F32', shape: [1], data_offsets: [8, 12] },
      odd: { dtype: 'toString', shape: [], data_offsets: [12, 12] },
    };
    const told: string[] = [];
    const { tensors } = decodeSafetensors(file(header, new Uint8Array(12)), (name, dtype) => told.push(`${name} ${dtype}`));
    expect([...tensors.keys()]).toEqual(['x']);
    expect(told).toEqual(['steps I64', 'odd toString']);
  });

  it('reads an empty file of tensors, and metadata that is no text as none', () => {
    expect(decodeSafetensors(file({}))).toEqual({ tensors: new Map(), metadata: {} });
    expect(decodeSafetensors(file({ __metadata__: { format: 7 } })).metadata).toEqual({});
    expect(decodeSafetensors(file({ __metadata__: { format: 'pt' } })).metadata).toEqual({ format: 'pt' });
    expect(decodeSafetensors(encodeSafetensors(new Map())).metadata).toEqual({});
  });

  it.each([
    ['nothing', new Uint8Array(), 'header length'],
    ['a header longer than the file', one('F32', [1], new Uint8Array(4)).subarray(0, 20), 'header length'],
    ['fewer bytes than a length has', new Uint8Array(7), 'header length'],
    ['a header that is too short', file('1'), 'header length'],
    ['a header length that is not there', file('{}').subarray(0, 9), 'header length'],
    ['a header that is not JSON', file('hello'), 'not JSON'],
    ['a header that is no text', Uint8Array.of(4, 0, 0, 0, 0, 0, 0, 0, 0x22, 0xff, 0xfe, 0x22), 'not JSON'],
    ['a header that is null', file('null'), 'bad header'],
    ['a header that is a number', file('12'), 'bad header'],
    ['more bytes than the shape holds', one('F32', [1], new Uint8Array(8)), 'tensor x: bad size'],
    [
      'offsets the wrong way round',
      file({ x: { dtype: 'F32', shape: [1], data_offsets: [4, 0] } }, new Uint8Array(4)),
      'bad size',
    ],
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
