import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { activateBackend } from '../../backends/choose.tf.ts';
import { Model, toTensors } from '../../compile/materialize.tf.ts';
import { encodeText } from '../../data/encode.ts';
import { findTorch } from '../../export/pytorch/find-torch.ts';
import { encodeSafetensors, type NamedTensor } from '../../files/safetensors.ts';
import { predictText } from '../../predict/predict.tf.ts';
import { proposeImport, readImport } from '../import-model.ts';
import type { ImportedModel } from '../imported-model.ts';

const torch = findTorch();
if ('reason' in torch) console.warn(`state dicts of real PyTorch are not imported: ${torch.reason}`);
const required = process.env['UNROLL_REQUIRE_ALL'] === '1';

const root = mkdtempSync(join(tmpdir(), 'unroll-state-dict-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** A state dict of these shapes, all numbers 0.1. */
function file(
  name: string,
  shapes: Readonly<Record<string, readonly number[]>>,
  metadata: Readonly<Record<string, string>> = {},
): string {
  const tensors = Object.entries(shapes).map(([key, shape]): [string, NamedTensor] => [
    key,
    { dtype: 'F32', shape, data: new Float32Array(shape.reduce((product, size) => product * size, 1)).fill(0.1) },
  ]);
  const path = join(root, `${name}.safetensors`);
  writeFileSync(path, encodeSafetensors(new Map(tensors), metadata));
  return path;
}

const lstm = (input: number, hidden: number, prefix = 'lstm') => ({
  [`${prefix}.weight_ih_l0`]: [4 * hidden, input],
  [`${prefix}.weight_hh_l0`]: [4 * hidden, hidden],
  [`${prefix}.bias_ih_l0`]: [4 * hidden],
  [`${prefix}.bias_hh_l0`]: [4 * hidden],
});
const linear = (input: number, output: number, prefix = 'fc') => ({
  [`${prefix}.weight`]: [output, input],
  [`${prefix}.bias`]: [output],
});
const tagger = { 'word_embeddings.weight': [12, 3], ...lstm(3, 5), ...linear(5, 4, 'hidden2tag') };

describe('what is deduced', () => {
  it('the chain, the cells and the widths', async () => {
    const proposal = await proposeImport(file('tagger', tagger));
    expect(proposal.kind).toBe('state-dict');
    expect(proposal.layers).toEqual(['word_embeddings: Embedding(12, 3)', 'lstm: LSTM(3, 5)', 'hidden2tag: Linear(5, 4)']);
  });

  it('what cannot be known is asked, with a guess from the names', async () => {
    const { questions } = await proposeImport(file('tagger', tagger));
    expect(questions.map(({ id, chosen }) => [id, chosen])).toEqual([
      ['output', 'every-step'],
      ['head', 'classes'],
    ]);
    const plain = { 'embedding.weight': [12, 3], ...lstm(3, 5), ...linear(5, 6, 'fc1'), ...linear(6, 1, 'fc2') };
    const { questions: others } = await proposeImport(file('classifier', plain));
    expect(others.map(({ id, chosen }) => [id, chosen])).toEqual([
      ['activation:fc1', 'relu'],
      ['output', 'last'],
      ['head', 'probability'],
    ]);
  });

  it('the canvas, laid out, named after the modules', async () => {
    const { document } = await readImport(file('tagger', tagger), {});
    expect(document.nodes.map(({ kind, label, position }) => [kind, label, position.x])).toEqual([
      ['token-input', undefined, 0],
      ['embedding', 'word_embeddings', 256],
      ['recurrent', 'lstm', 512],
      ['lstm-cell', undefined, 512],
      ['dense-softmax', 'hidden2tag', 768],
    ]);
  });

  it('answers change the model', async () => {
    const path = file('tagger', tagger);
    const once = await readImport(path, { output: 'mean' });
    expect([once.plan.task, once.document.nodes.find(({ kind }) => kind === 'recurrent')?.params['output']]).toEqual([
      'sequence-classification',
      'mean',
    ]);
    const number = await readImport(path, { output: 'last', head: 'numbers' });
    expect([number.plan.task, number.encoding.facts.targets]).toEqual(['sequence-regression', 4]);
  });

  it('words out of a vocabulary file beside the weights', async () => {
    const path = file('tagger', tagger);
    const lines = Array.from({ length: 12 }, (_, id) => `word${id}`);
    writeFileSync(join(root, 'vocab.txt'), `${lines.join('\n')}\n`);
    const { encoding } = await readImport(path, {});
    expect(encoding.vocabulary).toEqual(lines);
    writeFileSync(join(root, 'vocab.txt'), 'too\nshort\n');
    const other = await readImport(path, {});
    expect(other.encoding.vocabulary?.[4]).toBe('4');
    expect(other.notes[0]).toContain('2 lines, but the embedding 12 rows');
    rmSync(join(root, 'vocab.txt'));
  });

  const names = (layers: readonly string[]): (string | undefined)[] => layers.map((line) => line.split(':')[0]);

  it('asks for an order that the widths do not decide, and takes none by itself', async () => {
    const path = file('square', { 'embedding.weight': [12, 5], ...lstm(5, 5, 'rnn2'), ...lstm(5, 5, 'rnn10'), ...linear(5, 3) });
    const { questions } = await proposeImport(path);
    expect(questions.map(({ id, chosen, options }) => [id, chosen, options.map(({ value }) => value)])).toEqual([
      ['order', null, ['embedding,rnn2,rnn10,fc', 'embedding,rnn10,rnn2,fc']],
    ]);
    await expect(readImport(path, {})).rejects.toThrow('The widths allow several orders');
    await expect(readImport(path, { order: 'fc,rnn2' })).rejects.toThrow('order: expected one of embedding,rnn2,rnn10,fc');
    const order = 'embedding,rnn10,rnn2,fc';
    const told = await proposeImport(path, { order });
    expect(names(told.layers)).toEqual(['embedding', 'rnn10', 'rnn2', 'fc']);
    expect(told.questions.map(({ id, chosen }) => [id, chosen])).toEqual([
      ['order', order],
      ['output', 'last'],
      ['head', 'classes'],
    ]);
    const { document } = await readImport(path, { order, output: 'mean' });
    expect(document.nodes.flatMap(({ label }) => label ?? [])).toEqual(['embedding', 'rnn10', 'rnn2', 'fc']);
  });

  it('children of an nn.Sequential run in the order of their numbers', async () => {
    const path = file('sequential', {
      'net.0.weight': [12, 5],
      ...lstm(5, 5, 'net.2'),
      ...lstm(5, 5, 'net.10'),
      ...linear(5, 5, 'net.11'),
      ...linear(5, 3, 'net.12'),
    });
    const { layers, questions } = await proposeImport(path);
    expect(names(layers)).toEqual(['net.0', 'net.2', 'net.10', 'net.11', 'net.12']);
    expect(questions.map(({ id }) => id)).toEqual(['activation:net.11', 'output', 'head']);
  });

  it('an embedding by its place, whatever its name, and asks where it could be a Linear', async () => {
    const { layers } = await proposeImport(file('named-encoder', { 'encoder.weight': [12, 6], ...lstm(6, 5), ...linear(5, 3) }));
    expect(layers[0]).toBe('encoder: Embedding(12, 6)');
    const square = await proposeImport(file('square-matrix', { 'encoder.weight': [6, 6], ...lstm(6, 5), ...linear(5, 3) }));
    expect(square.questions.map(({ options }) => options.map(({ value }) => value))).toEqual([
      ['encoder,lstm,fc', 'numbers,encoder,lstm,fc'],
    ]);
    const path = file('square-matrix', { 'encoder.weight': [6, 6], ...lstm(6, 5), ...linear(5, 3) });
    expect((await readImport(path, { order: 'encoder,lstm,fc' })).encoding.facts).toMatchObject({
      vocabulary: 6,
      features: null,
    });
    const numbers = await readImport(path, { order: 'numbers,encoder,lstm,fc' });
    expect(numbers.encoding.facts).toMatchObject({ vocabulary: null, features: 6 });
  });

  it('a head that is tied to the embedding, and left out of the file', async () => {
    const path = file('tied', { 'encoder.weight': [12, 5], ...lstm(5, 5), 'decoder.bias': [12] });
    const { layers, notes, questions } = await proposeImport(path);
    expect(layers).toEqual(['encoder: Embedding(12, 5)', 'lstm: LSTM(5, 5)', 'decoder: Linear(5, 12)']);
    expect(notes.join()).toContain('decoder has the weights of encoder (tied)');
    expect(questions.map(({ id, chosen }) => [id, chosen])).toEqual([
      ['output', 'every-step'],
      ['head', 'tokens'],
    ]);
    const two = { ...lstm(5, 5), 'encoder.weight': [12, 5], 'other.weight': [12, 5], 'decoder.bias': [12] };
    await expect(proposeImport(file('tied-to-which', two))).rejects.toThrow('may be that of encoder or that of other');
  });

  it.each([
    ['encoder.weight', 'decoder.weight'],
    ['decoder.weight', 'encoder.weight'],
  ])('a tied %s that save_model left out, and named in the metadata', async (left, kept) => {
    const { layers, notes, questions } = await proposeImport(
      file('save-model', { [kept]: [12, 5], 'decoder.bias': [12], ...lstm(5, 5) }, { format: 'pt', [left]: kept }),
    );
    expect(layers).toEqual(['encoder: Embedding(12, 5)', 'lstm: LSTM(5, 5)', 'decoder: Linear(5, 12)']);
    expect(notes.join()).toContain('decoder has the weights of encoder (tied)');
    expect(questions.map(({ id, chosen }) => [id, chosen])).toEqual([
      ['output', 'every-step'],
      ['head', 'tokens'],
    ]);
  });

  it('leaves counters of integers out and says so', async () => {
    const path = join(root, 'counter.safetensors');
    const header: Record<string, unknown> = { steps: { dtype: 'I64', shape: [], data_offsets: [0, 8] } };
    let end = 8;
    for (const [name, shape] of Object.entries<readonly number[]>({ ...lstm(3, 5), ...linear(5, 2) })) {
      const bytes = 4 * shape.reduce((product, size) => product * size, 1);
      header[name] = { dtype: 'F32', shape, data_offsets: [end, end + bytes] };
      end += bytes;
    }
    const text = Buffer.from(JSON.stringify(header));
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(text.length));
    writeFileSync(path, Buffer.concat([length, text, Buffer.alloc(end)]));
    const { layers, notes } = await proposeImport(path);
    expect(names(layers)).toEqual(['lstm', 'fc']);
    expect(notes).toContain('Left out, because they are no weights: steps.');
  });

  it('special tokens only where the vocabulary file names them', async () => {
    const path = file('tagger', tagger);
    const lines = ['the', '[UNK]', 'Dog', ...Array.from({ length: 9 }, (_, id) => `word${id}`)];
    writeFileSync(join(root, 'vocab.txt'), lines.join('\n'));
    const named = await readImport(path, {});
    expect([...encodeText(named.encoding, 'the Dog barks').ids]).toEqual([0, 2, 1]);
    writeFileSync(join(root, 'vocab.txt'), lines.join('\n').replace('[UNK]', 'cat'));
    const without = await readImport(path, {});
    expect([...encodeText(without.encoding, 'cat the').ids]).toEqual([1, 0]);
    expect(() => encodeText(without.encoding, 'the bird')).toThrow('“bird” is not in the model’s vocabulary');
    rmSync(join(root, 'vocab.txt'));
  });

  it('output[:, -1] of two directions is a choice that is refused by name', async () => {
    const both = Object.entries(lstm(3, 5)).flatMap(([key, shape]) => [
      [key, shape] as const,
      [`${key}_reverse`, shape] as const,
    ]);
    const path = file('both', { 'embedding.weight': [12, 3], ...Object.fromEntries(both), ...linear(10, 4) });
    const { questions } = await proposeImport(path);
    expect(questions[0]?.options.map(({ value }) => value)).toContain('last-output');
    await expect(readImport(path, { output: 'last-output' })).rejects.toThrow('output[:, -1] of two directions');
  });

  it('says what was added', async () => {
    const { 'lstm.bias_ih_l0': _one, 'lstm.bias_hh_l0': _two, ...bare } = lstm(3, 5);
    const { notes } = await proposeImport(file('bare', { ...bare, 'fc.weight': [2, 5] }));
    expect(notes).toContain('lstm has no biases: they are zeros here.');
    expect(notes).toContain('fc has no bias: it is zero here.');
    expect(notes.at(-1)).toContain('no normalization');
  });
});

describe('what is refused', () => {
  it.each([
    ['a convolution', { 'conv.weight': [8, 4, 3], 'conv.bias': [8] }, 'conv.weight: expected a matrix, found [8,4,3]'],
    [
      'a batch norm',
      { 'bn.weight': [8], 'bn.bias': [8], 'bn.running_mean': [8] },
      'bn is a BatchNorm, which Unroll does not have',
    ],
    ['attention', { 'attn.in_proj_weight': [12, 4] }, 'attn.in_proj_weight: it belongs to no module'],
    ['gates of no cell', { ...lstm(3, 5), 'lstm.weight_ih_l0': [12, 3] }, '12 rows for 5 hidden units'],
    ['a layer that is missing', { ...lstm(3, 5), 'lstm.weight_ih_l1': [20, 5] }, 'lstm.weight_hh_l1: it is missing'],
    ['a bias of another width', { ...lstm(3, 5), 'lstm.bias_hh_l0': [10] }, 'lstm.bias_hh_l0: expected [20], found [10]'],
    ['no head', { 'embedding.weight': [12, 3], ...lstm(3, 5) }, 'there is no nn.Linear that could be the head'],
    ['two embeddings', { ...tagger, 'char_embeddings.weight': [30, 3] }, 'there are 2 embeddings'],
    ['widths that do not fit', { ...tagger, ...linear(6, 4, 'hidden2tag') }, 'the widths do not fit one after the other'],
  ])('%s', async (name, shapes, message) => {
    await expect(proposeImport(file(name.replaceAll(' ', '-'), shapes))).rejects.toThrow(message);
  });

  it('numbers that are not finite', async () => {
    const path = join(root, 'nan.safetensors');
    const data = Float32Array.of(1, Number.NaN);
    writeFileSync(path, encodeSafetensors(new Map([['fc.weight', { dtype: 'F32', shape: [1, 2], data }]])));
    await expect(proposeImport(path)).rejects.toThrow('fc.weight holds a number that is not finite');
  });

  it('answers to no question, answers that are no choice, and answers that make no model', async () => {
    const path = file('tagger', tagger);
    await expect(readImport(path, { colour: 'red' })).rejects.toThrow('no question colour');
    await expect(readImport(path, { head: 'poem' })).rejects.toThrow('expected one of classes, numbers, got poem');
    await expect(readImport(path, { head: 'numbers', output: 'every-step' })).rejects.toThrow('number at every step');
  });
});

interface TorchModel {
  readonly name: string;
  readonly path: string;
  readonly rows: readonly (readonly (number | readonly number[])[])[];
  readonly outputs: readonly (readonly number[])[];
  readonly answers: Readonly<Record<string, string>>;
}

/** The head's raw outputs for one row. */
function logits({ plan, weights }: ImportedModel, row: TorchModel['rows'][number]): readonly number[] {
  const model = new Model(plan, weights);
  const tokens = plan.facts.features === null;
  const flat = row.flat() as number[];
  const input = {
    steps: row.length,
    rows: 1,
    tokens: tokens ? Int32Array.from(flat) : null,
    series: tokens ? null : Float32Array.from(flat),
    lengths: Int32Array.of(row.length),
  };
  const result = tf.tidy(() => [...model.forward(toTensors(input), { dropout: null }).dataSync()]);
  model.dispose();
  return result;
}

describe.skipIf('reason' in torch && !required)('state dicts of real PyTorch give the same numbers', () => {
  const models = new Map<string, TorchModel>();
  const names = [
    'lstm tagger',
    'deep bidirectional projected lstm',
    'gru',
    'rnn relu',
    'norm and dense',
    'yes or no',
    'series',
    'number from text',
    'language model, tied',
    'language model, tied, left out',
    'sequential',
  ];

  beforeAll(async () => {
    if ('reason' in torch) throw new Error(torch.reason);
    await activateBackend('wasm');
    const script = join(import.meta.dirname, 'state_dict_models.py');
    const { stdout, stderr } = spawnSync(torch.python, [script, root], { encoding: 'utf8', maxBuffer: 2 ** 26 });
    for (const line of stdout.split('\n').filter(Boolean)) {
      const model = JSON.parse(line) as TorchModel;
      models.set(model.name, model);
    }
    if (models.size !== names.length) throw new Error(`PyTorch made ${models.size} of ${names.length} models: ${stderr}`);
  }, 120_000);

  it.each(names)('%s', async (name) => {
    const model = models.get(name);
    if (model === undefined) throw new Error('the model was not made');
    const imported = await readImport(model.path, model.answers);
    model.rows.forEach((row, index) => {
      const found = logits(imported, row);
      const expected = model.outputs[index] ?? [];
      expect(found).toHaveLength(expected.length);
      expected.forEach((value, i) => {
        expect(found[i]).toBeCloseTo(value, 5);
      });
    });
  });

  it('ids are written as words', async () => {
    const model = models.get('gru');
    if (model === undefined) throw new Error('the model was not made');
    const imported = await readImport(model.path, {});
    const [row = [], expected = []] = [model.rows[0], model.outputs[0]];
    const prediction = await predictText(
      { model: new Model(imported.plan, imported.weights), encoding: imported.encoding },
      row.join(' '),
    );
    if (prediction.kind !== 'class') throw new Error('expected classes');
    const best = expected.indexOf(Math.max(...expected));
    expect(prediction.ranked[0]?.label).toBe(String(best));
    expect(prediction.unknown).not.toContain(true);
  });
});
