import { describe, expect, it } from 'vitest';
import { compilePlan } from '../compile/compile-plan.ts';
import type { Plan } from '../compile/plan.ts';
import { dataBinding, type TaskKind } from '../document/data-binding.ts';
import { node, wire } from '../document/fixtures/graph-literals.ts';
import { emptyDocument, type GraphNode, type UnrollDocument } from '../document/schema.ts';
import { trainingSettings } from '../document/training-settings.ts';
import type { DataFacts } from '../shapes/data-facts.ts';
import { type LargestBatch, memoryFinding, memoryNeed } from './memory.ts';

const facts = { vocabulary: 500, classes: 2, features: null, targets: null };

function planOf(
  hidden: number,
  { cell = 'lstm-cell', wrapper = 'recurrent', layers = 1, width = 64, vocabulary = 500 } = {},
): Plan {
  const document: UnrollDocument = {
    ...emptyDocument(),
    nodes: [
      node('in', 'token-input'),
      node('emb', 'embedding', { width }),
      node('cell', cell, { hidden }),
      node('rnn', wrapper, { output: 'last', layers }),
      node('head', 'dense-softmax'),
    ],
    edges: ['in.tokens > emb.tokens', 'emb.sequence > rnn.sequence', 'cell.cell > rnn.cell', 'rnn.output > head.input'].map(wire),
    data: dataBinding.parse({ source: { kind: 'template', name: 'x' }, task: 'sequence-classification' }),
  };
  const compiled = compilePlan(document, { ...facts, vocabulary });
  if (!compiled.ok) throw new Error(compiled.problems.map(({ message }) => message).join());
  return compiled.plan;
}

const batch = (rows: number, steps: number): LargestBatch => ({ rows, steps, said: 0 });
const training = (optimizer: object = { kind: 'adam' }) => trainingSettings.parse({ optimizer });
const machine = (bytes: number) => ({ bytes, where: 'this machine has free', of: 'process' as const });

/**
 * Peaks of resident memory of whole trainings on Linux with two cores, in MB, less that of a training of 8 units (552 natively, 249 in
 * WebAssembly).
 */
it.each<[string, Plan, object, LargestBatch, Parameters<typeof memoryNeed>[3], number]>([
  ['a wide LSTM, Adam, natively', planOf(3000), { kind: 'adam' }, batch(32, 8), 'process', 2039],
  ['a wide LSTM, SGD, natively', planOf(3000), { kind: 'sgd' }, batch(32, 8), 'process', 1903],
  ['long texts, natively', planOf(512, { vocabulary: 2004 }), { kind: 'adam' }, batch(240, 200), 'process', 633],
  [
    'long texts, GRU, natively',
    planOf(512, { cell: 'gru-cell', vocabulary: 2004 }),
    { kind: 'adam' },
    batch(240, 200),
    'process',
    531,
  ],
  [
    'long texts, 2 × 2 LSTM, natively',
    planOf(256, { wrapper: 'bidirectional', layers: 2, vocabulary: 2004 }),
    { kind: 'adam' },
    batch(240, 200),
    'process',
    1410,
  ],
  ['a wide LSTM, Adam, in WebAssembly', planOf(3000), { kind: 'adam' }, batch(32, 8), 'wasm-process', 3033],
  ['a wide LSTM, SGD, in WebAssembly', planOf(3000), { kind: 'sgd' }, batch(32, 8), 'wasm-process', 2309],
  ['long texts, in WebAssembly', planOf(512, { vocabulary: 2004 }), { kind: 'adam' }, batch(240, 200), 'wasm-process', 1840],
  [
    'long texts, GRU, in WebAssembly',
    planOf(512, { cell: 'gru-cell', vocabulary: 2004 }),
    { kind: 'adam' },
    batch(240, 200),
    'wasm-process',
    1575,
  ],
  [
    'long texts, 2 × 2 LSTM, in WebAssembly',
    planOf(256, { wrapper: 'bidirectional', layers: 2, vocabulary: 2004 }),
    { kind: 'adam' },
    batch(240, 200),
    'wasm-process',
    3411,
  ],
])('is between half and the whole of what was measured: %s', (_what, plan, optimizer, size, place, measured) => {
  const { bytes } = memoryNeed(plan, training(optimizer), size, place);
  expect(bytes).toBeLessThanOrEqual(measured * 1e6);
  expect(bytes).toBeGreaterThanOrEqual((measured * 1e6) / 2);
});

/** A plan of layers and wires, on data of these facts. */
function planOn(task: TaskKind, data: DataFacts, nodes: readonly GraphNode[], edges: readonly string[]): Plan {
  const document: UnrollDocument = {
    ...emptyDocument(),
    nodes: [...nodes],
    edges: edges.map(wire),
    data: dataBinding.parse({ source: { kind: 'template', name: 'x' }, task }),
  };
  const compiled = compilePlan(document, data);
  if (!compiled.ok) throw new Error(compiled.problems.map(({ message }) => message).join());
  return compiled.plan;
}

function languageModel(vocabulary: number): Plan {
  const nodes = [
    node('in', 'token-input'),
    node('emb', 'embedding', { width: 64 }),
    node('cell', 'lstm-cell', { hidden: 128 }),
    node('rnn', 'recurrent', { output: 'every-step' }),
    node('head', 'dense-softmax'),
  ];
  const edges = ['in.tokens > emb.tokens', 'emb.sequence > rnn.sequence', 'cell.cell > rnn.cell', 'rnn.output > head.input'];
  return planOn('language-model', { vocabulary, classes: vocabulary, features: null, targets: null }, nodes, edges);
}

function encoderDecoder(attention: string, hidden: number, vocabulary: number): Plan {
  const nodes = [
    node('in', 'token-input'),
    node('emb', 'embedding', { width: 64 }),
    node('cell', 'gru-cell', { hidden }),
    node('encoder', 'recurrent', { output: 'every-step' }),
    node('said', 'target-input'),
    node('words', 'embedding', { width: 64 }),
    node('decoder', 'decoder', { attention, attentionWidth: 64 }),
    node('head', 'dense-softmax'),
  ];
  const edges = [
    'in.tokens > emb.tokens',
    'emb.sequence > encoder.sequence',
    'cell.cell > encoder.cell',
    'said.tokens > words.tokens',
    'words.sequence > decoder.sequence',
    'cell.cell > decoder.cell',
    'encoder.state > decoder.initial',
    ...(attention === 'none' ? [] : ['encoder.output > decoder.memory']),
    'decoder.output > head.input',
  ];
  return planOn('sequence-to-sequence', { vocabulary, classes: vocabulary, features: null, targets: null }, nodes, edges);
}

function pictures(side: number, layers: number, pool: number): Plan {
  const image = { height: side, width: side, channels: 3 };
  const names = Array.from({ length: layers }, (_, i) => `conv${i}`);
  const nodes = [
    node('in', 'image-input'),
    ...names.map((name) => node(name, 'convolution', { filters: 32, kernel: '3', pool })),
    node('flat', 'flatten', { mode: 'mean' }),
    node('head', 'dense-softmax'),
  ];
  const edges = [
    ...names.map((name, i) => `${i === 0 ? 'in.image' : `conv${i - 1}.output`} > ${name}.pictures`),
    `conv${layers - 1}.output > flat.pictures`,
    'flat.output > head.input',
  ];
  const data = { vocabulary: null, classes: 3, features: 3 * side * side, targets: null, image };
  return planOn('sequence-classification', data, nodes, edges);
}

function recordings(): Plan {
  const nodes = [
    node('in', 'series-input'),
    node('cell', 'gru-cell', { hidden: 128 }),
    node('rnn', 'bidirectional', { output: 'mean', layers: 2 }),
    node('head', 'dense-softmax'),
  ];
  const edges = ['in.sequence > rnn.sequence', 'cell.cell > rnn.cell', 'rnn.output > head.input'];
  return planOn('sequence-classification', { vocabulary: null, classes: 3, features: 80, targets: null }, nodes, edges);
}

/** As above, of two batches and Adam: natively, and in WebAssembly where it was measured; less a training of 8 units (500 and 212 MB). */
it.each<[string, Plan, LargestBatch, number, number | null]>([
  ['a language model with a large vocabulary', languageModel(10_000), batch(64, 64), 579, 1701],
  ['an encoder–decoder', encoderDecoder('none', 256, 2000), { rows: 64, steps: 80, said: 80 }, 224, 554],
  ['attention by products', encoderDecoder('dot', 256, 200), { rows: 64, steps: 120, said: 120 }, 369, 414],
  ['attention by learned products', encoderDecoder('general', 256, 200), { rows: 64, steps: 120, said: 120 }, 388, null],
  ['additive attention', encoderDecoder('additive', 128, 200), { rows: 64, steps: 120, said: 120 }, 1365, 1972],
  ['convolutions with pooling', pictures(64, 2, 2), batch(128, 1), 2451, 2967],
  ['convolutions without pooling', pictures(48, 3, 1), batch(64, 1), 2222, 2772],
  ['recordings, 2 × 2 GRU', recordings(), batch(64, 800), 1002, 1905],
])('and of other networks: %s', (_what, plan, size, natively, inWasm) => {
  for (const [place, measured] of [
    ['process', natively],
    ['wasm-process', inWasm],
  ] as const) {
    if (measured === null) continue;
    const { bytes } = memoryNeed(plan, training(), size, place);
    expect(bytes, place).toBeLessThanOrEqual(measured * 1e6);
    expect(bytes, place).toBeGreaterThanOrEqual((measured * 1e6) / 2);
  }
});

describe('a model that does not fit', () => {
  it('is told with what it needs, what there is, and how far to lower what takes most', () => {
    const found = memoryFinding(planOf(8192, { layers: 4 }), training(), batch(32, 200), machine(16e9));
    expect(found).toMatchObject({ severity: 'error', node: 'rnn' });
    expect(found?.message).toMatch(
      /^training needs at least [\d.]+ GB of memory, this machine has free 16 GB: [\d.]+ GB for weights/,
    );
    const lower = Number(/Lower the hidden units of the cell to about (\d+) \(it is 8192\)/.exec(found?.fix ?? '')?.[1]);
    expect(memoryFinding(planOf(lower, { layers: 4 }), training(), batch(32, 200), machine(16e9))).toBeNull();
  });

  it('for its batches alone is told the batch and the length that fit', () => {
    const [plan, limit] = [planOf(512), machine(1e9)];
    const found = memoryFinding(plan, training(), batch(1000, 500), limit);
    const [rows, steps] = (/batch size to (\d+), or the longest sequence to (\d+) steps/.exec(found?.fix ?? '') ?? [])
      .slice(1)
      .map(Number);
    for (const fits of [batch(rows ?? 0, 500), batch(1000, steps ?? 0)])
      expect(memoryFinding(plan, training(), fits, limit)).toBeNull();
    expect(memoryFinding(plan, training(), batch((rows ?? 0) + 1, 500), limit)).not.toBeNull();
  });

  it('names the embedding of a large vocabulary', () => {
    const found = memoryFinding(planOf(8, { vocabulary: 3_000_000, width: 1000 }), training(), batch(32, 10), machine(16e9));
    expect(found?.node).toBe('emb');
    expect(found?.fix).toContain('width of this layer');
  });
});

it('grows with the optimizer, and leaves out what lies beside the device', () => {
  const need = (optimizer: object, of?: Parameters<typeof memoryNeed>[3]): number =>
    memoryNeed(planOf(1000), training(optimizer), batch(1, 1), of).weights;
  expect(need({ kind: 'adam' })).toBeGreaterThan(need({ kind: 'momentum' }));
  expect(need({ kind: 'momentum' })).toBeGreaterThan(need({ kind: 'sgd' }));
  expect(need({ kind: 'particle-swarm', particles: 100 })).toBeGreaterThan(10 * need({ kind: 'adam' }));
  expect(need({ kind: 'adam' }, 'wasm-heap')).toBe(need({ kind: 'sgd' }, 'wasm-heap'));
  expect(memoryFinding(planOf(8), training(), batch(32, 20), machine(1e9))).toBeNull();
});

it('lies on a GPU where it is computed, and beside it where it is saved', () => {
  for (const kind of ['adam', 'sgd', 'evolution-strategy']) {
    const need = (place: 'process' | 'gpu' | 'beside-gpu') => memoryNeed(planOf(64), training({ kind }), batch(16, 40), place);
    const [all, there, here] = [need('process'), need('gpu'), need('beside-gpu')];
    expect(there.weights + here.weights).toBe(all.weights);
    expect([there.step, here.step]).toEqual([all.step, 0]);
    // Weights, gradients and slots: with Adam four of each, twelve bytes more than the weights alone.
    const weights = planOf(64)
      .modules.flatMap(({ parameters }) => parameters)
      .reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
    expect(there.weights).toBe(4 * weights * { adam: 4, sgd: 2, 'evolution-strategy': 2 }[kind as 'adam']);
  }
});
