import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { templates } from '../../templates/registry.ts';
import { initializeParameters } from '../compile/initialize.ts';
import { chooseLoss } from '../compile/loss-kind.ts';
import { writePng } from '../data/media/fixtures/write-png.ts';
import { prepareData } from '../data/prepare.ts';
import { previewFile } from '../data/preview.ts';
import { type DataBinding, dataBinding, readerSettings, taskKind } from '../document/data-binding.ts';
import type { UnrollDocument } from '../document/schema.ts';
import type { DataPreview } from '../protocol/data.ts';
import { UserError } from '../protocol/envelope.ts';
import { compileOnData } from './run-setup.ts';
import { sessionFacts } from './session-facts.ts';

const folder = mkdtempSync(join(tmpdir(), 'unroll-wrong-data-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const put = (name: string, content: string | Uint8Array): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};
const rows = (count: number, row: (i: number) => string): string => Array.from({ length: count }, (_, i) => row(i)).join('\n');

put('dot.png', writePng({ width: 4, height: 4, depth: 8, type: 'grey', samples: Array.from({ length: 16 }, (_, i) => i * 16) }));
/** A file of each kind that people have, and files that are none of them. */
const files = [
  put('texts.csv', `text,label\n${rows(40, (i) => `the cat ${i} sat,${i % 2 ? 'yes' : 'no'}`)}\n`),
  put('numbers.csv', `a,b,c\n${rows(60, (i) => `${i},${Math.sin(i)},${i % 3}`)}\n`),
  put('one-column.csv', `value\n${rows(60, (i) => `${Math.cos(i)}`)}\n`),
  put('huge-numbers.csv', `a,b\n${rows(30, (i) => `1e${300 + (i % 9)},-1e308`)}\n`),
  put('one-class.csv', `text,label\n${rows(20, (i) => `word ${i},same`)}\n`),
  put('one-row.csv', 'text,label\nhello,yes\n'),
  put('header-only.csv', 'text,label\n'),
  put('tags.conll', `${rows(20, (i) => `Mary B\nwalks${i} O\n`)}\n`),
  put('texts.jsonl', `${rows(30, (i) => JSON.stringify({ text: `a b ${i}`, label: i % 2 }))}\n`),
  put(
    'lists.jsonl',
    `${rows(30, (i) =>
      JSON.stringify({
        tokens: ['a', 'b'],
        tags: ['x', 'y'],
        numbers: [
          [i, 1],
          [2, 3],
        ],
      }),
    )}\n`,
  ),
  put('pairs.tsv', `source\ttarget\n${rows(30, (i) => `one two ${i}\tuno dos`)}\n`),
  put('plain.txt', `${rows(40, (i) => `Call me Ishmael, for the ${i} time.`)}\n`),
  put('pictures.csv', `path,label\n${rows(20, (i) => `dot.png,${i % 2}`)}\n`),
  put('no-pictures.csv', `path,label\n${rows(20, (i) => `gone-${i}.png,${i % 2}`)}\n`),
  put('empty.csv', ''),
  put('blank.txt', '\n\n \n'),
  put(
    'bytes.csv',
    Uint8Array.from({ length: 4000 }, (_, i) => (i * 7919 + (i >> 3)) % 256),
  ),
  join(folder, 'dot.png'),
  join(folder, 'missing.csv'),
  `${folder}/a\0b.csv`,
  join(folder, 'x'.repeat(3000)),
  folder,
  join(folder, 'texts.csv', 'inside.csv'),
];

/** Everything between a document and its first step, short of the device. */
async function tryToTrain(document: UnrollDocument): Promise<void> {
  const { data, plan } = await compileOnData(document, (binding) => prepareData(binding), new AbortController().signal);
  chooseLoss(plan, document.training.loss);
  sessionFacts(data, document.training);
  initializeParameters(plan, 1);
}

/** The columns that the window would propose, for another task and with the document's own settings too. */
function bindings(path: string, preview: DataPreview | null, own: DataBinding, all: boolean): DataBinding[] {
  const source = (reader: Record<string, unknown>) => ({ kind: 'file', path, reader });
  const names = preview?.columns.map(({ name }) => name) ?? [];
  const guessed = preview ? { ...preview.reader } : { ...readerSettings.parse({ format: 'delimited' }) };
  const swapped = { ...guessed, inputColumns: names.slice(-1), targetColumns: names.slice(0, 1) };
  const absent = { ...guessed, inputColumns: ['no such column'], targetColumns: ['nor this'] };
  const tasks = all ? taskKind.options : [own.task];
  return tasks.flatMap((task) =>
    [guessed, swapped, absent].flatMap((reader) => {
      const read = dataBinding.safeParse({ ...own, task, source: source(reader) });
      return read.success ? [read.data] : [];
    }),
  );
}

it('any graph over any data trains, or says in words why it does not: nothing is unexpected', { timeout: 120_000 }, async () => {
  const unexpected: string[] = [];
  const counts = { tried: 0, refused: 0, ready: 0 };
  const previews = new Map<string, DataPreview | null>();
  const note = (what: string, error: unknown): void => {
    if (error instanceof UserError) counts.refused++;
    else
      unexpected.push(`${what}: ${error instanceof Error ? `${error.message}\n${error.stack?.split('\n')[1]}` : String(error)}`);
  };
  for (const path of files) {
    previews.set(path, null);
    await previewFile(path).then(
      (preview) => void previews.set(path, preview),
      (error: unknown) => note(`preview of ${path.slice(-60)}`, error),
    );
  }
  for (const { info, document } of templates) {
    const whole = document();
    if (whole.data === null) continue;
    for (const path of files) {
      // Every task with one graph, every graph with its own task.
      for (const data of bindings(path, previews.get(path) ?? null, whole.data, info.name === 'syllables')) {
        counts.tried++;
        await tryToTrain({ ...whole, data }).then(
          () => counts.ready++,
          (error: unknown) => note(`${info.name} on ${path.slice(-60)} as ${data.task}`, error),
        );
      }
    }
  }
  expect([...new Set(unexpected)]).toEqual([]);
  expect(counts.tried).toBeGreaterThan(500);
  expect(counts.ready).toBeGreaterThan(20);
  expect(counts.refused).toBeGreaterThan(300);
});
