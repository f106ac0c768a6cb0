import fc from 'fast-check';
import { expect, it } from 'vitest';
import { LineSplitter, textDecoder, UndecodableCount } from './lines.ts';
import { MixedLines } from './mixed-lines.ts';

interface Read {
  readonly lines: readonly string[];
  readonly open: boolean;
  readonly undecodable: number;
}

const inPieces = (bytes: Buffer, size: number, take: (piece: Buffer) => void): void => {
  // Copies: what is taken as bytes may be written to.
  for (let at = 0; at < bytes.length; at += size) take(Buffer.from(bytes.subarray(at, at + size)));
};

function asTexts(bytes: Buffer, size: number): Read {
  const decoder = textDecoder('utf-8');
  const splitter = new LineSplitter();
  const lost = new UndecodableCount('utf-8');
  const lines: string[] = [];
  inPieces(bytes, size, (piece) => {
    const text = decoder.write(piece);
    lost.add(piece, text);
    lines.push(...splitter.push(text));
  });
  const last = decoder.end();
  lost.add(Buffer.alloc(0), last);
  lines.push(...splitter.push(last));
  const { open } = splitter;
  return { lines: [...lines, ...splitter.end()], open, undecodable: lost.count };
}

function mixed(bytes: Buffer, size: number, takes: (length: number) => boolean): Read & { readonly asBytes: number } {
  const lines: (string | (() => string))[] = [];
  let open = false;
  const reader = new MixedLines({
    texts: (found, last) => {
      lines.push(...found);
      open = last;
    },
    ascii: (from, start, end) => {
      if (!takes(end - start)) return false;
      lines.push(() => {
        expect(from[end]).toBe(0x0a);
        return from.toString('utf8', start, end);
      });
      return true;
    },
  });
  inPieces(bytes, size, (piece) => reader.push(piece));
  reader.end();
  return {
    lines: lines.map((line) => (typeof line === 'string' ? line : line())),
    open,
    undecodable: reader.undecodable,
    asBytes: lines.filter((line) => typeof line !== 'string').length,
  };
}

const part = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('a', 'bc', ' ', '\0', '\n', '\n', '\r\n', '\r').map((text) => Buffer.from(text)) },
  fc.constantFrom('é', '’', '💛', '\ufeff', '\ufffd', 'e\u0301').map((text) => Buffer.from(text)),
  // Halves of characters, and what is none.
  fc
    .constantFrom([0xc3], [0xe2, 0x80], [0xf0, 0x9f, 0x92], [0x80], [0xff], [0xef], [0xbb], [0xbf])
    .map((bytes) => Buffer.from(bytes)),
);

it('finds the lines that the decoded text has, wherever pieces are cut and whichever are taken as bytes', () => {
  fc.assert(
    fc.property(fc.array(part, { maxLength: 30 }), fc.integer({ min: 1, max: 40 }), fc.nat(3), (parts, size, kind) => {
      const bytes = Buffer.concat(parts);
      const takes = (length: number): boolean => kind > 1 || length % 2 === kind;
      const { asBytes: _asBytes, ...found } = mixed(bytes, size, takes);
      expect(found).toEqual(asTexts(bytes, size));
    }),
    { numRuns: 1_000 },
  );
});

it('takes lines of ASCII as bytes, whatever line end they have', () => {
  expect(mixed(Buffer.from('a\n\r\nbé\nc\r\nd\re\n f'), 4, () => true)).toEqual({
    lines: ['a', '', 'bé', 'c', 'd', 'e', ' f'],
    open: true,
    undecodable: 0,
    asBytes: 3,
  });
});

it('reads on in bytes behind a line too long to be held', () => {
  const long = `${'x'.repeat(2_500_000)}é`;
  const { lines, asBytes } = mixed(Buffer.from(`first\n${long}\nnext\n`), 300_000, () => true);
  expect(lines.map((line) => line.length)).toEqual([5, long.length, 4]);
  expect(asBytes).toBe(2);
});
