import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
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

it('removes what a lost connection has left of a file, and what nobody sent it does not', async () => {
  const folder = join(root, 'eeeeeeee');
  sent('eeeeeeee', 10);
  const written = (name: string, hours: number): void => {
    writeFileSync(join(folder, name), 'a');
    utimesSync(join(folder, name), (now - hours * 3600_000) / 1000, (now - hours * 3600_000) / 1000);
  };
  written('.AbCdEf-12_34.tmp', 25);
  written('.coming-now-1.tmp', 23);
  written('.hidden.tmp', 1000);
  written('words.tmp', 1000);
  utimesSync(folder, (now - 10 * day) / 1000, (now - 10 * day) / 1000);
  expect(await clearSent(root, [], async () => [], now)).toBe(0);
  expect(readdirSync(folder).sort()).toEqual(['.coming-now-1.tmp', '.hidden.tmp', 'clips', 'words.tmp']);
  expect(ageOf('eeeeeeee')).toBe(10);
});

it('leaves what is sent again while it looks', async () => {
  sent('ffffffff', 200);
  const again = async (): Promise<string[]> => {
    sent('ffffffff', 0);
    return [];
  };
  expect(await clearSent(root, [], again, now)).toBe(0);
  expect(existsSync(join(root, 'ffffffff'))).toBe(true);
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
