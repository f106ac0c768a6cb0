import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { findTemplate } from '../../templates/registry.ts';
import { buildProgram } from '../cli/built.test-support.ts';
import { dataBinding } from '../document/data-binding.ts';
import { findHome } from '../home.ts';
import { type FarProgram, farProgram } from '../machines/far-program.test-support.ts';
import { Machines } from '../machines/machines.ts';
import { writeDocumentFile } from './document-file.ts';
import { createHandlers } from './handlers.ts';
import { rememberFile } from './recent-files.ts';

let far: FarProgram;
const near = mkdtempSync(join(tmpdir(), 'unroll-near-'));
beforeAll(() => {
  buildProgram();
  far = farProgram();
});
afterAll(() => {
  far.end();
  rmSync(near, { recursive: true, force: true });
});

const sent = (): string => join(far.home, 'sent');

/** A sending that was last used so many days ago. */
function sending(name: string, days: number): string {
  const path = join(sent(), name, 'words.csv');
  mkdirSync(join(sent(), name), { recursive: true });
  writeFileSync(path, 'word,kind\nowl,1\n');
  const used = Date.now() / 1000 - days * 24 * 3600;
  utimesSync(join(sent(), name), used, used);
  return path;
}

/** A document of this machine that was opened lately and reads that file of the other one. */
async function documentOn(path: string): Promise<void> {
  const home = findHome({ UNROLL_HOME: near });
  const reader = { format: 'delimited', inputColumns: ['word'], targetColumns: ['kind'] };
  const data = dataBinding.parse({ source: { kind: 'file', path, reader }, task: 'sequence-classification' });
  const file = join(near, 'owls.unroll');
  await writeDocumentFile(file, { ...findTemplate('syllables').document(), data });
  await rememberFile(home.recent, file);
}

it('that nothing uses are removed once the windows have come, also when the connection breaks meanwhile; others stay', {
  timeout: 120_000,
}, async () => {
  const named = sending('aaaaaaaa', 200);
  sending('bbbbbbbb', 200);
  sending('cccccccc', 10);
  sending('not-a-sending', 200);
  writeFileSync(join(far.home, 'kept.txt'), 'a');
  await documentOn(named);
  const machines = new Machines({ tell: () => undefined, reach: far.reach, pauses: { first: 50, longest: 200 } });
  const { handlers } = createHandlers({
    home: findHome({ UNROLL_HOME: near }),
    initial: { kind: 'template', name: 'syllables' },
    emit: () => undefined,
    machines,
  });
  await handlers['machine.connect']({ host: 'far' }, () => undefined);
  far.cut();
  await vi.waitUntil(() => !existsSync(join(sent(), 'bbbbbbbb')), { timeout: 60_000, interval: 50 });
  await vi.waitUntil(() => machines.state.kind === 'there' && far.reached > 1, { timeout: 60_000, interval: 50 });
  // The document's counts as used from now on: a second coming finds nothing to remove.
  expect(await machines.call('transfer.keep', { paths: [] })).toEqual({ removed: 0 });
  expect(readdirSync(sent()).sort()).toEqual(['aaaaaaaa', 'cccccccc', 'not-a-sending']);
  expect(existsSync(named)).toBe(true);
  expect(existsSync(join(far.home, 'kept.txt'))).toBe(true);
  await handlers['machine.disconnect']({}, () => undefined);
});

it('what is sent again is used, and is not removed', { timeout: 120_000 }, async () => {
  sending('dddddddd', 200);
  const machines = new Machines({ tell: () => undefined, reach: far.reach });
  await machines.connect('far');
  const bytes = 'word,kind\nowl,1\n'.length;
  const begun = await machines.call('transfer.begin', { batch: 'dddddddd', name: 'words.csv', bytes });
  expect(begun.path).toBe(join(sent(), 'dddddddd', 'words.csv'));
  expect(await machines.call('transfer.keep', { paths: [] })).toEqual({ removed: 0 });
  expect(existsSync(begun.path ?? '')).toBe(true);
  machines.disconnect();
});
