import fc from 'fast-check';
import iconv from 'iconv-lite';
import { expect, it } from 'vitest';
import { LineSplitter, longestLine, textDecoder } from './lines.ts';

it('cuts the same lines wherever the pieces are cut', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'é', '💛', '\n', '\r', '\r\n'), maxLength: 40 });
  fc.assert(
    fc.property(
      text,
      fc.integer({ min: 1, max: 9 }),
      fc.constantFrom('utf-8', 'utf-16le', 'utf-16be'),
      (whole, size, encoding) => {
        const bytes = iconv.encode(whole, encoding, { addBOM: true });
        const decoder = textDecoder(encoding);
        const splitter = new LineSplitter();
        const lines: string[] = [];
        for (let at = 0; at < bytes.length; at += size)
          lines.push(...splitter.push(decoder.write(bytes.subarray(at, at + size))));
        lines.push(...splitter.push(decoder.end()), ...splitter.end());
        const expected = whole.split(/\r\n|\n|\r/);
        if (expected[expected.length - 1] === '') expected.pop();
        expect(lines).toEqual(expected);
      },
    ),
  );
});

it.each([1, 2, 100])('leaves out byte order marks of files put one after the other, in pieces of %i', (size) => {
  const text = '\ufeffa\n\ufeffb\ufeff\r\n\ufeff\n\ufeffc';
  const splitter = new LineSplitter();
  const lines: string[] = [];
  for (let at = 0; at < text.length; at += size) lines.push(...splitter.push(text.slice(at, at + size)));
  expect([...lines, ...splitter.end()]).toEqual(['a', 'b\ufeff', '', 'c']);
});

it('cuts a line without end short instead of holding it', () => {
  const splitter = new LineSplitter();
  const piece = 'x'.repeat(1_000_000);
  const lines: string[] = [];
  for (let i = 0; i < 20; i++) lines.push(...splitter.push(piece));
  lines.push(...splitter.push('\nnext\n'));
  expect(lines).toHaveLength(2);
  expect(lines[0]?.length).toBe(longestLine + 1);
  expect(lines[1]).toBe('next');
});
