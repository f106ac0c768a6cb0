import { describe, expect, it } from 'vitest';
import { templates } from '../../templates/registry.ts';
import { compilePlan } from '../compile/compile-plan.ts';
import { dataBinding } from '../document/data-binding.ts';
import { node, wire } from '../document/fixtures/graph-literals.ts';
import { emptyDocument, type UnrollDocument } from '../document/schema.ts';
import { trainingSettings } from '../document/training-settings.ts';
import { inferShapes } from '../graph/infer-shapes.ts';
import type { DataFacts } from '../shapes/data-facts.ts';
import type { Finding } from './finding.ts';
import { lint } from './lint.ts';
import { otherVocabulary } from './other-vocabulary.ts';

const facts: DataFacts = { vocabulary: 30, classes: 20, features: null, targets: null };
const file = (reader: object = {}) => ({
  kind: 'file',
  path: '/data/words.tsv',
  reader: { format: 'delimited', inputColumns: ['word'], targetColumns: ['sound'], ...reader },
});

function findings(document: UnrollDocument): readonly Finding[] {
  const compiled = compilePlan(document, facts);
  const inferred = inferShapes(document, facts);
  return lint(compiled.ok ? inferred.problems : compiled.problems, { document, facts, inferred });
}

/** The only finding; taking its remedy leaves nothing to find. */
function remedied(document: UnrollDocument): { finding: Finding; after: UnrollDocument } {
  const [finding, ...others] = findings(document);
  expect(others).toEqual([]);
  if (!finding?.remedy) throw new Error(`expected a remedy of ${JSON.stringify(finding)}`);
  const after = finding.remedy.apply(document);
  expect(findings(after)).toEqual([]);
  return { finding, after };
}

const sequenceToSequence = (nodes: UnrollDocument['nodes'] = [], edges: UnrollDocument['edges'] = []): UnrollDocument => ({
  ...emptyDocument('Spelling'),
  nodes: [
    node('input', 'token-input'),
    node('embed', 'embedding'),
    node('cell', 'gru-cell', { hidden: 8 }),
    node('encoder', 'recurrent', { output: 'every-step' }),
    node('said', 'target-input'),
    node('targets', 'embedding'),
    node('decoder', 'decoder', { attention: 'dot' }),
    node('head', 'dense-softmax'),
    ...nodes,
  ],
  edges: [
    wire('input.tokens > embed.tokens'),
    wire('embed.sequence > encoder.sequence'),
    wire('cell.cell > encoder.cell'),
    wire('cell.cell > decoder.cell'),
    wire('said.tokens > targets.tokens'),
    wire('targets.sequence > decoder.sequence'),
    ...edges,
  ],
  data: dataBinding.parse({ source: file(), task: 'sequence-to-sequence' }),
});
const attending = [
  wire('encoder.state > decoder.initial'),
  wire('encoder.output > decoder.memory'),
  wire('decoder.output > head.input'),
];

const classifier = (cell: UnrollDocument['nodes'][number], settings: object = {}): UnrollDocument => ({
  ...emptyDocument('Classes'),
  nodes: [
    node('input', 'token-input'),
    node('embed', 'embedding'),
    cell,
    node('rnn', 'recurrent', { output: 'last' }),
    node('head', 'dense-softmax'),
  ],
  edges: [
    wire('input.tokens > embed.tokens'),
    wire('embed.sequence > rnn.sequence'),
    wire(`${cell.id}.cell > rnn.cell`),
    wire('rnn.output > head.input'),
  ],
  data: dataBinding.parse({ source: file(), task: 'sequence-classification' }),
  training: trainingSettings.parse(settings),
});
const between = (document: UnrollDocument, dense: UnrollDocument['nodes'][number]): UnrollDocument => ({
  ...document,
  nodes: [...document.nodes, dense],
  edges: [
    ...document.edges.filter((edge) => edge.to.node !== 'head'),
    wire(`rnn.output > ${dense.id}.input`),
    wire(`${dense.id}.output > head.input`),
  ],
});

describe('graphs that are fine', () => {
  it.each(templates.map((template) => [template.info.name, template] as const))('say nothing: %s', (_name, template) => {
    const document = template.document();
    expect(lint([], { document, facts, inferred: inferShapes(document, facts) })).toEqual([]);
  });

  it('say nothing: encoder, attention, decoder', () => {
    expect(findings(sequenceToSequence([], attending))).toEqual([]);
  });
});

describe('the part that generates', () => {
  it.each([
    ['bidirectional', { merge: 'concat', layers: 2 }, { layers: 2, direction: 'forward', output: 'every-step' }],
    ['pyramid', { join: 2, layers: 1 }, { layers: 1, direction: 'forward', output: 'every-step' }],
    ['recurrent', { direction: 'backward' }, { direction: 'forward', output: 'every-step' }],
  ])('has %s replaced by what reads forwards', (kind, params, expected) => {
    const document = sequenceToSequence(
      [node('second', kind, { output: 'every-step', ...params })],
      [
        ...attending.slice(0, 2),
        wire('decoder.output > second.sequence'),
        wire('cell.cell > second.cell'),
        wire('second.output > head.input'),
      ],
    );
    const [refusal] = findings(document).filter(({ node: id }) => id === 'second');
    expect(refusal?.severity).toBe('error');
    const after = refusal?.remedy?.apply(document) ?? document;
    expect(findings(after)).toEqual([]);
    const changed = after.nodes.find(({ id }) => id === 'second');
    expect(changed).toMatchObject({ kind: 'recurrent', params: expected });
    expect(changed?.params).not.toHaveProperty('merge');
    expect(after.edges).toEqual(document.edges);
  });

  it('does not attend to what is still to be said: the encoder is wired there', () => {
    const document = sequenceToSequence(
      [],
      [...attending.filter(({ to }) => to.port !== 'memory'), wire('targets.sequence > decoder.memory')],
    );
    const narrow = { ...document, nodes: document.nodes.map((n) => (n.id === 'targets' ? { ...n, params: { width: 8 } } : n)) };
    const { finding, after } = remedied(narrow);
    expect(finding).toMatchObject({ node: 'decoder', severity: 'error', remedy: { label: 'Wire the encoder here' } });
    expect(after.edges.find(({ to }) => to.port === 'memory')?.from).toEqual({ node: 'encoder', port: 'output' });
  });
});

describe('before a head', () => {
  it('a Dense that is as wide as the classes is taken out', () => {
    const { finding, after } = remedied(
      between(classifier(node('cell', 'gru-cell')), node('scores', 'dense', { units: 20, activation: 'sigmoid' })),
    );
    expect(finding).toMatchObject({ node: 'scores', severity: 'warning' });
    expect(after.nodes.map(({ id }) => id)).not.toContain('scores');
    expect(after.edges.at(-1)).toMatchObject({ from: { node: 'rnn' }, to: { node: 'head' } });
  });

  it('another one gets an activation that does not squeeze', () => {
    const { after } = remedied(
      between(classifier(node('cell', 'gru-cell')), node('wide', 'dense', { units: 64, activation: 'sigmoid' })),
    );
    expect(after.nodes.find(({ id }) => id === 'wide')?.params).toMatchObject({ activation: 'relu', units: 64 });
  });

  it('dropout in between changes nothing', () => {
    const document = between(classifier(node('cell', 'gru-cell')), node('scores', 'dense', { units: 20, activation: 'sigmoid' }));
    const { after } = remedied({
      ...document,
      nodes: [...document.nodes, node('drop', 'dropout')],
      edges: [
        ...document.edges.filter((edge) => edge.to.node !== 'head'),
        wire('scores.output > drop.input'),
        wire('drop.output > head.input'),
      ],
    });
    expect(after.edges.find(({ to }) => to.node === 'drop')).toMatchObject({ from: { node: 'rnn' } });
  });

  it('one that does not squeeze is fine', () => {
    const dense = node('wide', 'dense', { units: 64, activation: 'relu' });
    expect(findings(between(classifier(node('cell', 'gru-cell')), dense))).toEqual([]);
  });
});

describe('a column that is input and target', () => {
  const reading = (inputColumns: string[], task = 'sequence-classification'): UnrollDocument => ({
    ...classifier(node('cell', 'gru-cell')),
    data: dataBinding.parse({ source: file({ inputColumns }), task }),
  });

  it('is left out of the input where another one stays', () => {
    const { after } = remedied(reading(['word', 'sound']));
    expect(after.data?.source).toMatchObject({ reader: { inputColumns: ['word'], targetColumns: ['sound'] } });
  });

  it('is told alone where it is the only one', () => {
    expect(findings(reading(['sound']))).toMatchObject([{ message: expect.stringContaining('“sound”'), remedy: null }]);
  });
});

describe('settings that explode', () => {
  it.each([
    [{ learningRate: 0.5 }, { learningRate: 0.002 }],
    [{ learningRate: 5, optimizer: { kind: 'sgd' } }, { learningRate: 0.1 }],
  ])('a rate of %j', (settings, expected) => {
    expect(remedied(classifier(node('cell', 'lstm-cell'), settings)).after.training).toMatchObject(expected);
  });

  it('a recurrence without bounds at a large rate', () => {
    const { finding, after } = remedied(classifier(node('cell', 'rnn-cell', { activation: 'relu' }), { learningRate: 0.02 }));
    expect(finding.node).toBe('cell');
    expect(after.training.learningRate).toBe(0.005);
  });

  it('a vanilla RNN that nothing clips', () => {
    const { after } = remedied(classifier(node('cell', 'rnn-cell'), { clipNorm: null }));
    expect(after.training.clipNorm).toBe(1);
    expect(findings(classifier(node('cell', 'rnn-cell'), { clipNorm: null, clipValue: 1 }))).toEqual([]);
    expect(findings(classifier(node('cell', 'lstm-cell'), { clipNorm: null }))).toEqual([]);
  });

  it('says nothing of a large rate without gradients', () => {
    const settings = { learningRate: 1, optimizer: { kind: 'evolution-strategy' } };
    expect(findings(classifier(node('cell', 'rnn-cell', { activation: 'relu', hidden: 8 }), settings))).toEqual([]);
  });
});

describe('training on from a run', () => {
  const here = sequenceToSequence([], attending);
  const bound = (data: object): UnrollDocument => ({
    ...here,
    data: dataBinding.parse({ source: file(), task: 'sequence-to-sequence', ...data }),
  });

  it('with its own data is fine', () => {
    expect(otherVocabulary(here, bound({ split: { seed: 9 } }))).toEqual([]);
    expect(otherVocabulary(here, bound({ tokenizer: { level: 'character' } }))).toEqual([]);
  });

  it('with other data is told, and the run’s data can be taken', () => {
    const there = bound({ source: { kind: 'template', name: 'pronunciation' } });
    const [finding] = otherVocabulary(here, there);
    expect(finding?.message).toMatch(/the pronunciation template.*“words.tsv”/);
    expect(finding?.remedy?.apply(here).data).toEqual(there.data);
  });
});

describe('a custom cell', () => {
  const withCell = (equations: string): UnrollDocument => ({
    ...emptyDocument('Cell'),
    nodes: [
      node('input', 'token-input'),
      node('embed', 'embedding'),
      node('cell', 'custom-cell', { hidden: 8, equations }),
      node('wrap', 'recurrent', { output: 'last' }),
      node('head', 'dense-softmax'),
    ],
    edges: [
      'input.tokens > embed.tokens',
      'embed.sequence > wrap.sequence',
      'cell.cell > wrap.cell',
      'wrap.output > head.input',
    ].map(wire),
    data: dataBinding.parse({ source: file({ targetColumns: ['sound'] }), task: 'sequence-classification' }),
  });

  it('is warned of a line whose value is used nowhere, which can be taken out', () => {
    const { finding, after } = remedied(withCell("q = W_q x\nh' = tanh(W x + U h)"));
    expect(finding).toMatchObject({
      severity: 'warning',
      node: 'cell',
      message: 'line 1: q reaches neither a state nor the output',
    });
    expect(after.nodes.find(({ id }) => id === 'cell')?.params['equations']).toBe("h' = tanh(W x + U h)");
  });

  it('keeps such a line where a start belongs to it', () => {
    const [finding] = findings(withCell("q = W_q x\nh' = tanh(W x + U h)\nstart W_q = 0"));
    expect(finding).toMatchObject({ message: 'line 1: q reaches neither a state nor the output', remedy: null });
  });

  const trainedOn = (document: UnrollDocument, device: string, hidden = 8): UnrollDocument => ({
    ...document,
    nodes: document.nodes.map((one) => (one.id === 'cell' ? { ...one, params: { ...one.params, hidden } } : one)),
    training: trainingSettings.parse({ device }),
  });
  const gates = ['i', 'j', 'k', 'l', 'm'];
  const wide = [...gates.map((gate) => `${gate} = sigmoid(W_${gate} x + U_${gate} h)`), `h' = tanh(${gates.join(' + ')})`].join(
    '\n',
  );

  it('that is too wide for the kernels is told, with what it has too much of, on each device that has them', () => {
    for (const device of ['auto', 'tensorflow', 'wasm', 'webgpu']) {
      const [finding, ...others] = findings(trainedOn(withCell(wide), device, 8192));
      expect(others).toEqual([]);
      expect(finding).toMatchObject({
        severity: 'warning',
        node: 'cell',
        fix: 'Lower its hidden units, or the width of what it reads.',
      });
      // Five matrices of 8192 × 8192 and five of 8192 × 64, each for what it multiplied and for its own gradient.
      expect(finding?.message).toMatch(
        /^the cell is too large for fast kernels: 676,331,520 factors of products, where 268,435,456 are taken\. It trains with the same numbers, but each step takes \d+ operations/,
      );
    }
    expect(findings(trainedOn(withCell(wide), 'javascript', 8192))).toEqual([]);
    expect(findings(trainedOn(withCell(wide), 'auto', 4096))).toEqual([]);
  });

  it('that is too wide in the second of its layers only, where it reads the first, is told', () => {
    const deep = (layers: number): readonly Finding[] => {
      const document = trainedOn(withCell("h' = tanh(W_a x * W_b x * W_c x + p_h * h)"), 'auto', 8192);
      const nodes = document.nodes.map((one) => (one.id === 'wrap' ? { ...one, params: { ...one.params, layers } } : one));
      return findings({ ...document, nodes });
    };
    expect(deep(1)).toEqual([]);
    expect(deep(2).map(({ node }) => node)).toEqual(['cell']);
  });

  it('that has too many stages for shaders is told where it trains on WebGPU, and what takes it', () => {
    const chain = (steps: number): string =>
      ['a0 = W x + U h', ...Array.from({ length: steps }, (_, i) => `a${i + 1} = tanh(V_${i} a${i})`), `h' = a${steps}`].join(
        '\n',
      );
    expect(findings(trainedOn(withCell(chain(10)), 'tensorflow'))).toEqual([]);
    const [finding, ...others] = findings(trainedOn(withCell(chain(10)), 'webgpu'));
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ severity: 'warning', node: 'cell' });
    expect(finding?.message).toMatch(
      /^the cell is too large for shaders of its own: \d+ shaders of a step, where 16 are taken\. /,
    );
    expect(finding?.fix).toBe(
      'Give it fewer or shorter equations, or deal them to two cells in layers of their own, or train on native TensorFlow or WebAssembly, whose kernels take it.',
    );
    expect(findings(trainedOn(withCell(chain(3)), 'webgpu'))).toEqual([]);
  });

  it('with wrong equations says where, and how many more there are', () => {
    const [finding] = findings(withCell("f = sigmoid(W_f x + q)\nh' = tanh(W x + U h\ng = f f"));
    expect(finding).toMatchObject({
      severity: 'error',
      node: 'cell',
      message: 'line 2, column 20: the line ends where ")" was expected (1 more problem below it)',
      fix: 'Finish the line, or take it out.',
    });
    expect(findings(withCell("h' = tanh(W x + U q)"))[0]).toMatchObject({
      message: 'line 1, column 19: no value is called q',
      fix: 'Values here: x, h.',
    });
  });
});
