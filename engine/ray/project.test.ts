import '../backends/gradients.tf.ts';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { unzipSync } from 'fflate';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { findTemplate } from '../../templates/registry.ts';
import { compilePlan } from '../compile/compile-plan.ts';
import { initializeParameters } from '../compile/initialize.ts';
import { makeBatch } from '../data/batches.ts';
import { writePng } from '../data/media/fixtures/write-png.ts';
import { prepareData } from '../data/prepare.ts';
import type { RawExample } from '../data/raw-example.ts';
import { type DataBinding, dataBinding } from '../document/data-binding.ts';
import type { UnrollDocument } from '../document/schema.ts';
import { pythonFile } from '../export/python-file.ts';
import { smallNetwork } from '../export/pytorch/small-network.ts';
import { python, trainMissing } from '../export/pytorch/train/train-cases.ts';
import { failureOf } from '../protocol/failure-of.test-support.ts';
import { Random } from '../random.ts';
import { packProject } from './project.ts';
import { openStorage, type Storage } from './storage.ts';

const root = mkdtempSync(join(tmpdir(), 'unroll-project-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
afterEach(() => void vi.restoreAllMocks());

const splits = ['train', 'validation', 'test'] as const;
/** What the project reads with the arguments of its job: inputs of the examples of each split. */
const printInputs = `
import json, sys
import data, network, train
sys.argv = ["train.py", *json.loads(sys.argv[1])]
options = train.read_options()
files = {"train": options.examples, "validation": options.validation, "test": options.test}
_, vocabulary = network.load()
found = data.read_data({split: paths for split, paths in files.items() if paths}, vocabulary, options)
print(json.dumps([[x.tolist() for x, _ in found[split]] for split in ${JSON.stringify(splits)}]))`;

let folders = 0;
function write(name: string, content: string | Uint8Array): string {
  const path = join(root, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
}

/** Packs a document's project, and unpacks it as a job finds it. */
async function packed(document: UnrollDocument, places: Omit<Parameters<typeof packProject>[1], 'storage'> = {}) {
  if (document.data === null) throw new Error('no data');
  const data = await prepareData(document.data);
  const { encoding } = data;
  const compiled = compilePlan(document, encoding.facts);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems));
  const { plan } = compiled;
  const stored = new Map<string, Uint8Array>();
  const storage: Storage = {
    address: '/nowhere',
    put: async (name, content) => void stored.set(name, content),
    get: async (name) => stored.get(name) ?? null,
    clear: async () => stored.clear(),
  };
  const project = await packProject({ document, plan, encoding, weights: initializeParameters(plan, 1) }, { storage, ...places });
  const folder = `project-${folders++}`;
  for (const [name, content] of Object.entries(unzipSync(project.zip)))
    if (!name.endsWith('/')) write(join(folder, name), content);
  return { data, project, stored, folder: join(root, folder) };
}

/** The project reads what the app reads, split by split. @returns what Python said of rows that it left out */
async function expectSame({ data, project, folder }: Awaited<ReturnType<typeof packed>>): Promise<string> {
  const { stdout, stderr } = await python(folder, '-c', printInputs, JSON.stringify(project.dataArguments));
  const read = JSON.parse(stdout || '[]') as number[][][][];
  expect(read, stderr).toHaveLength(splits.length);
  for (const [i, split] of splits.entries()) {
    const of = data.splits[split];
    const order = Array.from({ length: of.count }, (_, one) => one).sort((a, b) => (of.lines[a] ?? 0) - (of.lines[b] ?? 0));
    expect(read[i], `${split}: ${stderr}`).toHaveLength(order.length);
    for (const [at, example] of order.entries()) {
      const wanted = makeBatch(of, Uint32Array.of(example), data.encoding.facts.features).series ?? [];
      const found = (read[i]?.[at] ?? []).flat();
      expect(found).toHaveLength(wanted.length);
      for (const [k, value] of found.entries()) expect(value).toBeCloseTo(wanted[k] ?? Number.NaN, 4);
    }
  }
  return stderr;
}

const random = new Random(4, 'project');
const picture = (): Uint8Array =>
  writePng({ width: 6, height: 4, depth: 8, type: 'colour', samples: Array.from({ length: 72 }, () => random.below(256)) });

const seen = (source: object, media: object = { kind: 'image', height: 3, width: 4, channels: 1 }): DataBinding =>
  dataBinding.parse({
    source: { kind: 'file', reader: { format: 'delimited', inputColumns: ['picture'], targetColumns: ['kind'] }, ...source },
    task: 'sequence-classification',
    media,
    split: { validation: 0.25, test: 0.25 },
  });

describe.skipIf(trainMissing())('a project for a cluster', () => {
  it('brings pictures that lie beside the table’s folder, of a table in two parts; unusable ones are left out there, too', async () => {
    const rows = Array.from({ length: 24 }, (_, i) => {
      if (i !== 7) write(`seen/pictures/${i}.png`, i === 9 ? 'broken' : i === 11 ? picture().slice(0, 40) : picture());
      return `../pictures/${i}.png,${i % 2 ? 'odd' : 'even'}`;
    });
    const path = write('seen/tables/a.csv', `picture,kind\n${rows.slice(0, 10).join('\n')}\n`);
    const more = write('seen/tables/b.csv', `picture,kind\n${rows.slice(10).join('\n')}\n`);
    const binding = seen({ path, parts: { train: [more] } });
    const project = await packed({ ...smallNetwork(binding, true), data: binding });
    expect(project.project.dataArguments).toEqual(['files/tables/a.csv', 'files/tables/b.csv']);
    const said = await expectSame(project);
    // Lines are counted on, as the app does it.
    expect(said.match(/line \d+/g)).toEqual(['line 9', 'line 11', 'line 14']);
  });

  it('brings the folders of videos, and files for validation', async () => {
    const table = (name: string, from: number, to: number): string => {
      const rows = Array.from({ length: to - from }, (_, i) => {
        for (let frame = 1; frame <= 2 + (i % 3); frame++) write(`videos/clip ${from + i}/${frame}.png`, picture());
        return `clip ${from + i},${i % 2 ? 'odd' : 'even'}`;
      });
      return write(`videos/${name}`, `picture,kind\n${rows.join('\n')}\n`);
    };
    const binding = seen(
      { path: table('train.csv', 0, 8), splitFiles: { validation: table('valid.csv', 8, 12) } },
      { kind: 'frames', height: 2, width: 2, channels: 3 },
    );
    const project = await packed({ ...smallNetwork(binding, true), data: binding });
    expect(project.project.dataArguments).toEqual(['files/train.csv', '--validation', 'files/valid.csv']);
    expect(await expectSame(project)).toBe('');
  });

  it('brings the rows of a template: one series, or pictures that no file holds', async () => {
    expect(await expectSame(await packed(findTemplate('temperature').document()))).toBe('');
    const shapes = findTemplate('shapes');
    const drawn: RawExample[] = [];
    for await (const row of shapes.rows()) if (drawn.push(row) === 40) break;
    vi.spyOn(shapes, 'rows').mockImplementation(async function* () {
      yield* drawn;
    });
    expect(await expectSame(await packed(shapes.document()))).toBe('');
  });

  it('has its data in the storage, as one archive, where Ray would not take all of it', async () => {
    const noise = (): string => Array.from({ length: 800 }, () => random.uniform()).join(',');
    const rows = Array.from({ length: 40 }, (_, i) => `"[${noise()}]",${i % 2 ? 'a' : 'b'}`);
    const path = write('large/rows.csv', `series,label\n${rows.join('\n')}\n`);
    const binding = dataBinding.parse({
      source: { kind: 'file', path, reader: { format: 'delimited', inputColumns: ['series'], targetColumns: ['label'] } },
      task: 'sequence-classification',
    });
    const project = await packed({ ...smallNetwork(binding, true), data: binding }, { most: 200_000 });
    expect(project.project.stored).toEqual(['files.zip']);
    for (const [name, content] of project.stored) write(join('storage', name), content);
    const fetched = await python(
      project.folder,
      '-c',
      `import os, ray_job, storage
place = storage.Storage(${JSON.stringify(join(root, 'storage'))})
ray_job.bring(place, "files.zip", os.path.abspath("files"))
ray_job.bring(place, "files.zip", os.path.abspath("files"))  # once is enough
print(sorted(name for name in os.listdir() if name.startswith(("files", "tmp"))), os.listdir("files"))`,
    );
    expect(fetched.stdout.trim()).toBe("['files'] ['rows.csv']");
    expect(await expectSame(project)).toBe('');
  });
});

describe('jobs of one package on one machine', () => {
  /** What Ray does: the second job begins in the folder in which the first one ended. */
  it('never go on from what another one has left there', async () => {
    const storage = join(root, 'kept');
    write('kept/storage.json', '{"mark":"m"}');
    write('kept/checkpoint.pt', 'of step 200');
    write('package/checkpoint.pt', 'of step 100');
    write('package/files/rows.csv', '');
    const script = `import json, os, sys
import ray_job
given, package = json.loads(sys.argv[1]), os.getcwd()
for id, resume in (("first", True), ("second", False)):
    job = {**given, "id": id, "resume": resume}
    place = ray_job.Place(job, package, 0)
    ray_job.fetch(job, place)
    path = os.path.join(place.folder, "checkpoint.pt")
    print(os.path.exists(path) and open(path).read(), place.arguments(job)[1:])
    assert place.arguments(job)[0] == os.path.join(package, "files", "rows.csv")
    place.remove()
print(sorted(os.listdir(package)))`;
    const given = { storage, mark: 'm', stored: [], shared: null, arguments: ['files/rows.csv', '--json'] };
    for (const name of ['ray_job.py', 'storage.py']) write(join('package', name), pythonFile(name));
    const { stdout, stderr } = await python(join(root, 'package'), '-c', script, JSON.stringify(given));
    expect(stdout.trim().split('\n'), stderr).toEqual([
      "of step 200 ['--json', '--resume']",
      "False ['--json']",
      "['checkpoint.pt', 'files', 'ray_job.py', 'storage.py']",
    ]);
  });
});

describe('data that several runs have in common', () => {
  it('lies once in the storage, under a name of its content', async () => {
    const path = write('shared/rows.csv', `text,label\n${Array.from({ length: 30 }, (_, i) => `a b,${i % 2}`).join('\n')}\n`);
    const binding = dataBinding.parse({
      source: { kind: 'file', path, reader: { format: 'delimited', inputColumns: ['text'], targetColumns: ['label'] } },
      task: 'sequence-classification',
    });
    const folder = openStorage(join(root, 'in-common'));
    const put = vi.spyOn(folder, 'put');
    const document = { ...smallNetwork(binding, false), data: binding };
    const first = await packed(document, { shared: folder });
    expect(put.mock.calls.map(([name]) => name)).toEqual([
      `${first.project.shared?.content}.zip`,
      `${first.project.shared?.content}.json`,
    ]);
    expect((await packed(document, { shared: folder })).project.shared).toEqual(first.project.shared);
    expect(put).toHaveBeenCalledTimes(2);
    expect(existsSync(join(first.folder, 'files'))).toBe(false);
    // Cut off before it was whole: sent again.
    rmSync(join(root, 'in-common', `${first.project.shared?.content}.json`));
    await packed(document, { shared: folder });
    expect(put).toHaveBeenCalledTimes(4);
    write('shared/rows.csv', `text,label\n${Array.from({ length: 30 }, (_, i) => `a c,${i % 2}`).join('\n')}\n`);
    expect((await packed(document, { shared: folder })).project.shared?.content).not.toBe(first.project.shared?.content);
    // As a job finds it.
    const { content = '' } = first.project.shared ?? {};
    const script = `import ray_job, storage
ray_job.bring(storage.Storage(${JSON.stringify(folder.address)}), "${content}.zip", ${JSON.stringify(join(first.folder, 'files'))})`;
    const { stderr } = await python(first.folder, '-c', script);
    expect(readFileSync(join(first.folder, 'files', 'rows.csv'), 'utf8'), stderr).toContain('a b,1');
  });
});

it('refuses whole paths, which a cluster has not', async () => {
  const path = write(
    'whole/table.csv',
    `picture,kind\n${Array.from({ length: 8 }, (_, i) => `${write(`whole/${i}.png`, picture())},${i % 2}`).join('\n')}\n`,
  );
  const binding = seen({ path });
  expect(await failureOf(packed({ ...smallNetwork(binding, true), data: binding }))).toMatchObject({
    code: 'ray-data',
    message: expect.stringContaining('whole paths'),
  });
});
