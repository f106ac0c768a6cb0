import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { clearSent } from './sent-folder.ts';

const root = mkdtempSync(join(tmpdir(), 'unroll-sent-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const day = 24 * 3600 * 1000;
const now = Date.UTC(2026, 5, 1);
function sent(name: string, days: number): string {
  const path = join(root, name, 'clips', 'words.csv');
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, 'a');
  const used = (now - days * day) / 1000;
  utimesSync(join(root, name), used, used);
  return path;
}
const ageOf = (name: string): number => Math.round((now - statSync(join(root, name)).mtimeMs) / day);

it('removes what no run and no document has used for three months, and nothing else', async () => {
  const [ofRun, ofDocument] = [sent('aaaaaaaa', 200), sent('bbbbbbbb', 200)];
  for (const [name, days] of [
    ['cccccccc', 91],
    ['dddddddd', 89],
    ['not-a-batch', 200],
  ] as const)
    sent(name, days);
  expect(await clearSent(root, [ofDocument, '/elsewhere/cccccccc/words.csv'], async () => [ofRun], now)).toBe(1);
  expect(['aaaaaaaa', 'bbbbbbbb', 'cccccccc', 'dddddddd', 'not-a-batch'].filter((name) => existsSync(join(root, name)))).toEqual([
    'aaaaaaaa',
    'bbbbbbbb',
    'dddddddd',
    'not-a-batch',
  ]);
  // Used now: they count from here on.
  expect(['aaaaaaaa', 'bbbbbbbb', 'dddddddd'].map(ageOf)).toEqual([0, 0, 89]);
});

it('asks no run where nothing is old, and removes nothing where runs cannot be read', async () => {
  const unread = async (): Promise<string[]> => {
    throw new Error('a run is damaged');
  };
  expect(await clearSent(root, [], unread, now)).toBe(0);
  await expect(clearSent(root, [], unread, now + 2 * day)).rejects.toThrow('a run is damaged');
  expect(existsSync(join(root, 'dddddddd'))).toBe(true);
  expect(await clearSent(join(root, 'nowhere'), [], unread, now)).toBe(0);
});
