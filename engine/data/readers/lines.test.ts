import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import iconv from 'iconv-lite';
import { afterAll, describe, expect, it } from 'vitest';
import { UserError } from '../../protocol/envelope.ts';
import { type LineBlock, LineSplitter, longestLine, readLines, textDecoder } from './lines.ts';

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
  const lines: string[] = [];
  lines.push(...splitter.push('begins'));
  for (let i = 0; i < 20; i++) lines.push(...splitter.push('x'.repeat(1_000_000)));
  lines.push(...splitter.push('\nnext\n'), ...splitter.push('last'));
  expect(lines).toHaveLength(2);
  expect(lines[0]?.length).toBe(longestLine + 1);
  expect(lines[0]?.startsWith('begins')).toBe(true);
  expect(lines[1]).toBe('next');
  expect(splitter.end()).toEqual(['last']);
});

it.each([
  ['a\nb', true],
  ['a\nb\n', false],
  ['a\r', false],
  ['x'.repeat(longestLine + 1), true],
])('tells whether the last line has an end', (text, open) => {
  const splitter = new LineSplitter();
  splitter.push(text);
  expect(splitter.open).toBe(open);
});

describe('a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'unroll-lines-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'text.txt');
  const read = async (of: string, options?: Parameters<typeof readLines>[2]): Promise<LineBlock[]> => {
    const blocks: LineBlock[] = [];
    for await (const block of readLines(of, 'utf-8', options)) blocks.push(block);
    return blocks;
  };

  it('is read in blocks that tell their first line, the bytes so far, and whether it ends without a line end', async () => {
    const text = `${'word '.repeat(60_000)}\n\ntwo`;
    writeFileSync(path, text);
    const blocks = await read(path);
    expect(blocks.map(({ first }) => first)).toEqual([1, 1, 3]);
    expect(blocks.map(({ bytes }) => bytes)).toEqual([256 * 1024, text.length, text.length]);
    expect(blocks.map(({ open }) => open)).toEqual([false, false, true]);
    expect(blocks.flatMap(({ lines }) => lines.map(({ length }) => length))).toEqual([300_000, 0, 3]);
    writeFileSync(path, 'a\n');
    expect((await read(path)).map(({ lines }) => lines)).toEqual([['a']]);
  });

  it('that is not there is refused in words; what is cancelled ends as it was asked to', async () => {
    await expect(read(join(folder, 'absent.txt'))).rejects.toMatchObject({ failure: { code: 'file-not-found' } });
    const reason = new Error('enough');
    await expect(read(path, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  it('that the disk cannot read is refused in words', async () => {
    if (process.platform !== 'linux') return;
    // No process has its first page: reading it is an error of the device.
    await expect(read('/proc/self/mem')).rejects.toBeInstanceOf(UserError);
  });
});
