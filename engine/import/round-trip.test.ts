import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { activateBackend } from '../backends/choose.tf.ts';
import { initializeParameters } from '../compile/initialize.ts';
import { Model } from '../compile/materialize.tf.ts';
import { dataSource } from '../document/data-binding.ts';
import { blockCases } from '../export/pytorch/block-cases.ts';
import { customCellCases } from '../export/pytorch/custom-cell-cases.ts';
import { exportPytorch } from '../export/pytorch/export.ts';
import { computeGoldens } from '../export/pytorch/goldens.tf.ts';
import type { Goldens } from '../export/pytorch/goldens.ts';
import { mediaCases } from '../export/pytorch/media-cases.ts';
import { layerCases, type ParityCase, recurrentCases } from '../export/pytorch/parity-cases.ts';
import { stackCases } from '../export/pytorch/stack-cases.ts';
import { structureCases } from '../export/pytorch/structure-cases.ts';
import { writeFolder } from '../export/write-folder.ts';
import { decodeSafetensors, type NamedTensor } from '../files/safetensors.ts';
import { predictText } from '../predict/predict.tf.ts';
import { UserError } from '../protocol/envelope.ts';
import { type ExportedFiles, readExportedFolder } from './exported-folder.ts';
import { proposeImport, readImport } from './import-model.ts';

/** Every cell, wrapper and layer; depth changes nothing about the way back but the number of names. */
const cases = [
  ...recurrentCases().filter(({ name }) => !/depth 2 · (every-step|mean|max)|depth 3/.test(name)),
  ...layerCases(),
  ...stackCases(),
  ...structureCases(),
  ...blockCases(),
  ...mediaCases(),
  ...customCellCases(),
];
const nothing: Goldens = { batches: [], predictions: [] };

function named(name: string): ParityCase {
  const one = cases.find((candidate) => candidate.name === name);
  if (one === undefined) throw new Error(`no case ${name}`);
  return one;
}

/** The files of an export, as they are read back. */
function reread(files: ReadonlyMap<string, Uint8Array | string>): ExportedFiles {
  return {
    folder: '/exported',
    config: JSON.parse(files.get('config.json') as string),
    vocabulary: JSON.parse(files.get('vocabulary.json') as string),
    tensors: decodeSafetensors(files.get('model.safetensors') as Uint8Array).tensors,
  };
}

/** Compared as bytes: number by number, as `toEqual` does it, takes most of the time of a file of tests like this. */
function expectSameFiles(found: ReadonlyMap<string, Uint8Array | string>, files: ReadonlyMap<string, Uint8Array | string>): void {
  expect([...found.keys()]).toEqual([...files.keys()]);
  for (const [name, content] of files) {
    const other = found.get(name) ?? '';
    expect(typeof other, name).toBe(typeof content);
    if (other === content || Buffer.from(other).equals(Buffer.from(content))) continue;
    expect(other, name).toEqual(content);
    throw new Error(`${name} has other bytes`);
  }
}

/** Weights by what says all of them: their numbers as bytes. */
const asBytes = (weights: ReadonlyMap<string, NamedTensor>): object[] =>
  [...weights]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { dtype, shape, data }]) => ({
      name,
      dtype,
      shape,
      kind: data.constructor.name,
      bytes: Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64'),
    }));

describe('an exported folder comes back', () => {
  it.each(cases.map((one) => [one.name, one] as const))('%s', (_name, one) => {
    const parameters = initializeParameters(one.plan, 3);
    const files = exportPytorch({ ...one, parameters, goldens: nothing });
    const back = readExportedFolder(reread(files));
    expect(back.document).toEqual(one.document);
    expect(back.plan).toEqual(one.plan);
    expect(back.encoding).toEqual(one.encoding);
    expect(asBytes(back.weights)).toEqual(asBytes(parameters));
    const again = exportPytorch({ ...back, parameters: back.weights, goldens: nothing });
    expectSameFiles(again, files);
  });

  it('with the merges of its sub-words', () => {
    const one = named('lstm · concat · depth 1 · every-step');
    const { binding } = one.encoding;
    const data = { ...binding, tokenizer: { ...binding.tokenizer, level: 'subword' as const } };
    const encoding = { ...one.encoding, binding: data, merges: [['t', 'h'] as const, ['th', 'e'] as const] };
    const document = { ...one.document, data };
    const files = exportPytorch({ ...one, document, encoding, parameters: initializeParameters(one.plan, 1), goldens: nothing });
    expect(readExportedFolder(reread(files)).encoding).toEqual(encoding);
  });

  it('without the folders of the computer that it comes from', () => {
    const one = named('lstm · concat · depth 1 · every-step');
    const source = dataSource.parse({ kind: 'file', path: '/home/kate/thesis/names.conll', reader: { format: 'conll' } });
    const { data } = one.document;
    const document = { ...one.document, data: data && { ...data, source } };
    const files = exportPytorch({ ...one, document, parameters: initializeParameters(one.plan, 1), goldens: nothing });
    for (const content of files.values()) if (typeof content === 'string') expect(content).not.toContain('/home/kate');
    const back = readExportedFolder(reread(files));
    expect(back.document.data?.source).toMatchObject({ path: 'names.conll' });
    expect(back.notes.join()).toContain('names.conll');
  });
});

describe('on disk', () => {
  const root = mkdtempSync(join(tmpdir(), 'unroll-import-'));
  const one = named('gru relevance-before · concat · depth 2 · last');
  const parameters = initializeParameters(one.plan, 5);
  let goldens = nothing;
  const folder = join(root, 'exported');

  beforeAll(async () => {
    await activateBackend('wasm');
    const model = new Model(one.plan, parameters);
    goldens = await computeGoldens(model, one.encoding);
    model.dispose();
    await writeFolder(folder, exportPytorch({ ...one, parameters, goldens }), { overwrite: false });
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it.each(['', 'config.json', 'model.safetensors'])('is found by %s', async (file) => {
    const proposal = await proposeImport(join(folder, file));
    expect(proposal).toMatchObject({ kind: 'exported', name: 'parity', questions: [] });
    expect(proposal.layers).toContain('Bidirectional, GRU cell: concat · last step');
  });

  it('predicts what the app predicted before', async () => {
    const back = await readImport(folder, {});
    const model = new Model(back.plan, back.weights);
    for (const golden of goldens.predictions) {
      if (golden.kind !== 'text') throw new Error('expected texts');
      const prediction = await predictText({ model, encoding: back.encoding }, golden.text);
      if (prediction.kind !== 'class') throw new Error('expected classes');
      const probabilities = back.encoding.classes?.map(
        (name) => prediction.ranked.find(({ label }) => label === name)?.probability,
      );
      expect(probabilities).toEqual((golden.expected as readonly number[]).map((value) => expect.closeTo(value, 6)));
    }
    model.dispose();
  });

  const broken: readonly (readonly [string, (files: Map<string, Uint8Array | string>) => void, string])[] = [
    ['weights that are missing', (files) => files.delete('model.safetensors'), 'model.safetensors does not exist'],
    [
      'weights that are cut off',
      (files) => files.set('model.safetensors', (files.get('model.safetensors') as Uint8Array).subarray(0, 900)),
      'cannot be read',
    ],
    ['weights of another model', (files) => files.set('model.safetensors', otherWeights()), 'The weights do not fit the graph'],
    ['a vocabulary that is missing', (files) => files.delete('vocabulary.json'), 'vocabulary.json cannot be read'],
    [
      'a vocabulary of another size',
      (files) => edit(files, 'vocabulary.json', (value) => (value['tokens'] as string[]).pop()),
      'expected 16 tokens, found 15',
    ],
    ['a damaged config', (files) => files.set('config.json', '{"format": "unroll-pytorch"'), 'is not JSON'],
    ['a newer config', (files) => edit(files, 'config.json', (value) => Object.assign(value, { version: 2 })), 'newer Unroll'],
    [
      'an older config',
      (files) => edit(files, 'config.json', (value) => delete value['unroll']),
      'the part “unroll” with the canvas is missing',
    ],
    ['a config of something else', (files) => files.set('config.json', '{"model_type": "bert"}'), 'holds no export'],
    [
      'a graph that is none',
      (files) => edit(files, 'config.json', (value) => Object.assign(value['unroll'] as object, { document: [] })),
      'not an Unroll document',
    ],
  ];

  it.each(broken)('%s: says what is wrong', async (what, damage, message) => {
    const files = exportPytorch({ ...one, parameters, goldens: nothing });
    damage(files);
    const place = join(root, what.replaceAll(' ', '-'));
    await writeFolder(place, files, { overwrite: false });
    const failure = await proposeImport(place).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(UserError);
    expect((failure as UserError).failure.message).toContain(message);
    expect((failure as UserError).failure.hint).not.toBe('');
  });

  it.each([
    ['model.pt', 'pickle'],
    ['notes.txt', 'not a model'],
    ['model.onnx', 'holds operators and not the graph'],
  ])('refuses %s', async (name, message) => {
    writeFileSync(join(root, name), 'x');
    await expect(proposeImport(join(root, name))).rejects.toThrow(message);
  });

  it('refuses a folder with nothing but ONNX', async () => {
    const place = join(root, 'onnx');
    mkdirSync(place);
    writeFileSync(join(place, 'model.onnx'), 'x');
    await expect(proposeImport(place)).rejects.toThrow('cannot be read back');
  });

  it('fails for a path that does not exist', async () => {
    await expect(proposeImport(join(root, 'nowhere'))).rejects.toThrow('does not exist');
  });
});

it('never does worse than an error of its own, whatever config.json holds', () => {
  const one = named('lstm · concat · depth 1 · every-step');
  const files = exportPytorch({ ...one, parameters: initializeParameters(one.plan, 1), goldens: nothing });
  const text = files.get('config.json') as string;
  fc.assert(
    fc.property(fc.nat(text.length - 1), fc.constantFrom('0', '9', '-', '"', 'x', 'null', '[]', '1e9', '}'), (at, insert) => {
      const changed = `${text.slice(0, at)}${insert}${text.slice(at + 1)}`;
      let config: unknown;
      try {
        config = JSON.parse(changed);
      } catch {
        return;
      }
      try {
        readExportedFolder({ ...reread(files), config });
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
      }
    }),
    { numRuns: 400 },
  );
});

function otherWeights(): Uint8Array {
  const other = named('lstm · concat · depth 1 · every-step');
  const files = exportPytorch({ ...other, parameters: initializeParameters(other.plan, 1), goldens: nothing });
  return files.get('model.safetensors') as Uint8Array;
}

function edit(files: Map<string, Uint8Array | string>, name: string, change: (value: Record<string, unknown>) => unknown): void {
  const value = JSON.parse(files.get(name) as string) as Record<string, unknown>;
  change(value);
  files.set(name, JSON.stringify(value));
}
