import { languageModelSettings, tokenizerSettings } from '../../document/data-binding.ts';
import { cells, GraphBuilder, type ParityCase, parityCase } from './parity-cases.ts';

/** Structures of the lectures beyond one recurrent stack: encoder–decoder with attention, pyramid, pictures, language models. */
export function structureCases(): ParityCase[] {
  return [...decoderCases(), ...pyramidCases(), ...pictureCases(), ...languageModels()];
}

const subwords = tokenizerSettings.parse({ level: 'subword' });

function embedded(graph: GraphBuilder): string {
  graph.add('tokens', 'token-input');
  return `${graph.add('embed', 'embedding', { width: 4 }, { tokens: 'tokens.tokens' })}.sequence`;
}

/** Target tokens, embedded. */
export function said(graph: GraphBuilder): string {
  graph.add('targets', 'target-input');
  return `${graph.add('said', 'embedding', { width: 3 }, { tokens: 'targets.tokens' })}.sequence`;
}

const attentions = ['none', 'dot', 'general', 'additive'] as const;

function decoderCases(): ParityCase[] {
  const cases: ParityCase[] = [];
  for (const [name, cell] of Object.entries(cells)) {
    for (const attention of attentions) {
      if (name.startsWith('rnn') && attention !== 'none') continue;
      const graph = new GraphBuilder();
      const sequence = embedded(graph);
      graph.add('cell', cell.kind, { ...cell.params, hidden: 4 });
      graph.add('encoder', 'recurrent', {}, { sequence, cell: 'cell.cell' });
      const memory = attention === 'none' ? {} : { memory: 'encoder.output' };
      graph.add(
        'decoder',
        'decoder',
        { attention, attentionWidth: 5 },
        {
          sequence: said(graph),
          cell: 'cell.cell',
          initial: 'encoder.state',
          ...memory,
        },
      );
      graph.add('head', 'dense-softmax', {}, { input: 'decoder.output' });
      cases.push(parityCase(`decoder · ${name} · ${attention}`, graph.document('sequence-to-sequence')));
    }
  }
  for (const [from, to] of [
    ['lstm', 'gru reset-after'],
    ['gru reset-after', 'lstm'],
    ['lstm projected', 'lstm'],
    ['gru simplified', 'lstm peepholes'],
  ] as const) {
    for (const layers of [1, 2]) {
      const graph = new GraphBuilder();
      const sequence = embedded(graph);
      graph.add('one', cells[from]?.kind ?? '', { ...cells[from]?.params, hidden: 4 });
      graph.add('two', cells[to]?.kind ?? '', { ...cells[to]?.params, hidden: 5 });
      graph.add('encoder', 'bidirectional', { layers: 2 }, { sequence, cell: 'one.cell' });
      graph.add('bridge', 'bridge', { layers }, { from: 'encoder.state', cell: 'two.cell' });
      graph.add(
        'decoder',
        'decoder',
        { attention: 'general', layers, residual: layers > 1 },
        {
          sequence: said(graph),
          cell: 'two.cell',
          initial: 'bridge.state',
          memory: 'encoder.output',
        },
      );
      graph.add('more', 'recurrent', {}, { sequence: 'decoder.output', cell: 'one.cell' });
      graph.add('head', 'dense-softmax', {}, { input: 'more.output' });
      cases.push(parityCase(`decoder · ${from} bridged to ${to} · ${layers} layers`, graph.document('sequence-to-sequence')));
    }
  }
  cases.push(saysSubwords());
  cases.push(heardSubwords());
  const graph = new GraphBuilder();
  graph.add('series', 'series-input');
  graph.add('cell', 'gru-cell', { hidden: 4 });
  graph.add('encoder', 'pyramid', { layers: 2, output: 'every-step' }, { sequence: 'series.sequence', cell: 'cell.cell' });
  graph.add('bridge', 'bridge', {}, { from: 'encoder.state', cell: 'cell.cell' });
  graph.add(
    'decoder',
    'decoder',
    { attention: 'additive' },
    {
      sequence: said(graph),
      cell: 'cell.cell',
      initial: 'bridge.state',
      memory: 'encoder.output',
    },
  );
  graph.add('head', 'dense-softmax', {}, { input: 'decoder.output' });
  cases.push(parityCase('decoder · listens to a pyramid', graph.document('sequence-to-sequence')));
  return cases;
}

/** Both sides are pieces of words. */
function saysSubwords(): ParityCase {
  const graph = new GraphBuilder();
  const sequence = embedded(graph);
  graph.add('cell', 'gru-cell', { hidden: 6 });
  graph.add('encoder', 'recurrent', {}, { sequence, cell: 'cell.cell' });
  const wires = { sequence: said(graph), cell: 'cell.cell', initial: 'encoder.state', memory: 'encoder.output' };
  graph.add('decoder', 'decoder', { attention: 'general' }, wires);
  graph.add('head', 'dense-softmax', {}, { input: 'decoder.output' });
  const document = graph.document('sequence-to-sequence', { tokenizer: subwords, targetTokenizer: subwords });
  return parityCase('decoder · sub-words', document);
}

/** Numbers in, pieces of words out. */
function heardSubwords(): ParityCase {
  const graph = new GraphBuilder();
  graph.add('series', 'series-input');
  graph.add('cell', 'gru-cell', { hidden: 4 });
  graph.add('encoder', 'recurrent', {}, { sequence: 'series.sequence', cell: 'cell.cell' });
  graph.add('decoder', 'decoder', {}, { sequence: said(graph), cell: 'cell.cell', initial: 'encoder.state' });
  graph.add('head', 'dense-softmax', {}, { input: 'decoder.output' });
  return parityCase('decoder · series to sub-words', graph.document('sequence-to-sequence', { targetTokenizer: subwords }));
}

function pyramidCases(): ParityCase[] {
  const names = ['rnn sigmoid', 'gru reset-after', 'gru relevance-before', 'lstm', 'lstm projected'] as const;
  return names.flatMap((name) =>
    (['both', 'forward'] as const).flatMap((directions) =>
      (['every-step', 'last', 'mean', 'max'] as const).map((output) => {
        const graph = new GraphBuilder();
        const sequence = embedded(graph);
        graph.add('cell', cells[name]?.kind ?? '', { ...cells[name]?.params, hidden: 4 });
        const join = output === 'mean' ? 3 : 2;
        graph.add('pyramid', 'pyramid', { layers: 2, join, directions, output }, { sequence, cell: 'cell.cell' });
        const pooled = output === 'every-step';
        if (pooled) graph.add('top', 'recurrent', { output: 'max' }, { sequence: 'pyramid.output', cell: 'cell.cell' });
        graph.add('head', 'dense-softmax', {}, { input: pooled ? 'top.output' : 'pyramid.output' });
        return parityCase(`pyramid · ${name} · ${directions} · ${output}`, graph.document('sequence-classification'));
      }),
    ),
  );
}

function pictureCases(): ParityCase[] {
  const cases: ParityCase[] = [];
  for (const mode of ['all', 'mean']) {
    const image = new GraphBuilder();
    image.add('image', 'image-input');
    image.add('look', 'convolution', { filters: 3, activation: 'tanh' }, { pictures: 'image.image' });
    image.add('again', 'convolution', { filters: 2, kernel: '1', pool: 1 }, { pictures: 'look.output' });
    image.add('flat', 'flatten', { mode }, { pictures: 'again.output' });
    image.add('cell', 'lstm-cell', { hidden: 4 });
    image.add('bridge', 'bridge', {}, { from: 'flat.output', cell: 'cell.cell' });
    image.add('decoder', 'decoder', {}, { sequence: said(image), cell: 'cell.cell', initial: 'bridge.state' });
    image.add('head', 'dense-softmax', {}, { input: 'decoder.output' });
    cases.push(parityCase(`image to sequence · ${mode}`, image.document('sequence-to-sequence')));
    const video = new GraphBuilder();
    video.add('frames', 'frames-input');
    video.add('look', 'convolution', { filters: 3, kernel: '5', activation: 'identity' }, { pictures: 'frames.frames' });
    video.add('flat', 'flatten', { mode }, { pictures: 'look.output' });
    video.add('cell', 'gru-cell', { hidden: 4 });
    video.add('both', 'bidirectional', { output: 'last' }, { sequence: 'flat.output', cell: 'cell.cell' });
    video.add('head', 'dense-softmax', {}, { input: 'both.output' });
    cases.push(parityCase(`video to class · ${mode}`, video.document('sequence-classification')));
  }
  return cases;
}

function languageModels(): ParityCase[] {
  const graphOf = (name: string): GraphBuilder => {
    const graph = new GraphBuilder();
    graph.add('cell', cells[name]?.kind ?? '', { ...cells[name]?.params, hidden: 5 });
    graph.add('layer', 'recurrent', { layers: 2 }, { sequence: embedded(graph), cell: 'cell.cell' });
    graph.add('head', 'dense-softmax', {}, { input: 'layer.output' });
    return graph;
  };
  return [
    ...['gru reset-after', 'lstm', 'rnn tanh'].map((name) =>
      parityCase(
        `language model · ${name}`,
        graphOf(name).document('language-model', { languageModel: languageModelSettings.parse({ unit: 'line' }) }),
      ),
    ),
    parityCase('language model · running text', graphOf('lstm').document('language-model')),
    parityCase('language model · sub-words', graphOf('lstm').document('language-model', { tokenizer: subwords })),
  ];
}
