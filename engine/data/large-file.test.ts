import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { bundledScript } from '../cli/built.test-support.ts';
import { Random } from '../random.ts';

const folder = mkdtempSync(join(tmpdir(), 'unroll-large-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** How often the file says all that it says: making up words takes longer than reading them. */
const repeats = 10;

/** Labelled lines of words from a vocabulary of 200,000, until the file is `bytes` long. Every 10,000th row is ragged. */
function writeLargeFile(path: string, bytes: number): { rows: number; bad: number } {
  const random = new Random(1, 'large file');
  let rows = 0;
  let bad = 0;
  let block = '';
  while (block.length < bytes / repeats) {
    rows++;
    if (rows % 10_000 === 0) {
      bad++;
      block += 'ragged\n';
      continue;
    }
    let text = '';
    const words = 5 + random.below(40);
    for (let i = 0; i < words; i++) text += ` w${Math.floor(200_000 * random.uniform() ** 3).toString(36)}`;
    block += `"${text.slice(1)}",${'abc'[random.below(3)]}\n`;
  }
  const file = openSync(path, 'w');
  writeSync(file, 'text,label\n');
  const encoded = Buffer.from(block);
  for (let i = 0; i < repeats; i++) writeSync(file, encoded);
  closeSync(file);
  return { rows: repeats * rows, bad: repeats * bad };
}

it('prepares 200 MB in less than 1 GB, previews it at once, and lets other work run', { timeout: 900_000 }, () => {
  const path = join(folder, 'large.csv');
  const { rows, bad } = writeLargeFile(path, 200_000_000);
  const main = bundledScript(new URL('large-file-main.test-support.ts', import.meta.url));
  const output = execFileSync(process.execPath, [main, path, 'character'], { encoding: 'utf8' });
  const result: unknown = JSON.parse(output);
  expect(result).toMatchObject({ badRowCount: bad });
  const { counts, peakBytes, previewMs, seconds, longestBlockMs } = result as {
    counts: { train: number; validation: number; test: number };
    peakBytes: number;
    previewMs: number;
    seconds: number;
    longestBlockMs: number;
  };
  expect(counts.train + counts.validation + counts.test).toBe(rows - bad);
  expect(peakBytes).toBeLessThan(1_000_000_000);
  // Shares of the whole, not seconds: other suites run on the same cores.
  expect(previewMs).toBeLessThan(seconds * 100);
  expect(longestBlockMs).toBeLessThan(seconds * 200);
});
