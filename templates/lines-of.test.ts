import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { linesOf } from './lines-of.ts';

const folder = mkdtempSync(join(tmpdir(), 'unroll-lines-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function linesIn(text: string): Promise<string[]> {
  const path = join(folder, 'text');
  writeFileSync(path, text);
  const found: string[] = [];
  for await (const lines of linesOf(path, 'utf8')) found.push(...lines);
  return found;
}

// Blocks of a file are 64 KiB: of an odd length, lines and their ends lie across the borders.
it.each(['\n', '\r\n'])('cuts a text at %j, wherever its blocks end', async (end) => {
  const lines = Array.from({ length: 20_001 }, (_, i) => (i % 7 === 0 ? '' : `é${i}`));
  expect(await linesIn(lines.join(end))).toEqual(lines);
});

it('has no line after the last end, and none in an empty file', async () => {
  expect(await linesIn('a\nb\n')).toEqual(['a', 'b']);
  expect(await linesIn('')).toEqual([]);
});
