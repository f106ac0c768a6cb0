import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Message } from './protobuf.ts';

const bytes = (message: Message): number[] => [...message.finish()];

/** Reads one field back: number, wire type and what follows. */
function firstField(encoded: Uint8Array): { field: number; wire: number; rest: Uint8Array } {
  const tag = readVarint(encoded, 0);
  return { field: Number(tag.value >> 3n), wire: Number(tag.value & 7n), rest: encoded.subarray(tag.next) };
}

function readVarint(encoded: Uint8Array, from: number): { value: bigint; next: number } {
  let value = 0n;
  for (let at = from, shift = 0n; ; at++, shift += 7n) {
    const byte = BigInt(encoded[at] ?? 0);
    value |= (byte & 0x7fn) << shift;
    if (byte < 0x80n) return { value, next: at + 1 };
  }
}

describe('Message', () => {
  // The examples of the format's own description.
  it('writes the documented examples', () => {
    expect(bytes(new Message().int(1, 150))).toEqual([0x08, 0x96, 0x01]);
    expect(bytes(new Message().string(2, 'testing'))).toEqual([0x12, 0x07, 0x74, 0x65, 0x73, 0x74, 0x69, 0x6e, 0x67]);
    expect(bytes(new Message().message(3, new Message().int(1, 150)))).toEqual([0x1a, 0x03, 0x08, 0x96, 0x01]);
    expect(bytes(new Message().ints(6, [3, 270, 86_942]))).toEqual([0x32, 0x06, 0x03, 0x8e, 0x02, 0x9e, 0xa7, 0x05]);
  });

  it('writes floats as four bytes, lowest first', () => {
    expect(bytes(new Message().float(2, 1))).toEqual([0x15, 0, 0, 0x80, 0x3f]);
    expect(bytes(new Message().floats(7, [1, 0]))).toEqual([0x3a, 8, 0, 0, 0x80, 0x3f, 0, 0, 0, 0]);
  });

  it('counts text in bytes', () => {
    expect(bytes(new Message().string(1, 'é'))).toEqual([0x0a, 2, 0xc3, 0xa9]);
  });

  it('keeps every whole number, negative ones as 64 bits', () => {
    expect(bytes(new Message().int(1, -1))).toEqual([0x08, ...Array.from({ length: 9 }, () => 0xff), 0x01]);
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.integer({ min: 1, max: 500 }), (value, field) => {
        const found = firstField(new Message().int(field, value).finish());
        expect([found.field, found.wire]).toEqual([field, 0]);
        expect(BigInt.asIntN(64, readVarint(found.rest, 0).value)).toBe(BigInt(value));
      }),
    );
  });

  it('refuses what is not a whole number', () => {
    expect(() => new Message().int(1, 0.5)).toThrow('whole number');
    expect(() => new Message().int(1, Number.NaN)).toThrow('whole number');
  });

  it('says how long a message inside is, however deep', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.integer({ min: 1, max: 20 }), (content, depth) => {
        let message = new Message().bytes(1, content);
        for (let level = 0; level < depth; level++) message = new Message().message(1, message);
        let encoded = message.finish();
        expect(encoded.length).toBe(message.length);
        for (let level = 0; level <= depth; level++) {
          const { rest } = firstField(encoded);
          const length = readVarint(rest, 0);
          encoded = rest.subarray(length.next);
          expect(encoded.length).toBe(Number(length.value));
        }
        expect([...encoded]).toEqual([...content]);
      }),
    );
  });
});
