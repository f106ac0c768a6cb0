import { cellLibrary } from '../../cells/library.ts';
import type { DataFacts } from '../../shapes/data-facts.ts';
import type { LayerKindName } from '../registry.ts';
import { deepCases } from './deep-cases.ts';
import {
  type ContractCase,
  cells,
  embedded,
  embeddedWires,
  everyRole,
  graph,
  handedOnWires,
  type Params,
  taskOf,
  wrapWires,
} from './graph.ts';

const outputs = ['every-step', 'last', 'mean', 'max'];

const wrappers: readonly (readonly [string, LayerKindName, Params])[] = outputs.flatMap((output) => [
  ...['forward', 'backward'].map((direction) => [`${direction} ${output}`, 'recurrent', { direction, output }] as const),
  ...['concat', 'sum', 'mean', 'product'].map(
    (merge) => [`both ${merge} ${output}`, 'bidirectional', { merge, output }] as const,
  ),
]);

const recurrentCases = cells.flatMap(([cellName, cell, cellParams]) =>
  wrappers.map(([wrapperName, wrapper, params]) =>
    graph(
      `${cellName}, ${wrapperName}`,
      taskOf(String(params['output'])),
      { ...embedded, cell: [cell, cellParams], wrap: [wrapper, params], head: ['dense-softmax'] },
      wrapWires,
    ),
  ),
);

const libraryCases = [...cellLibrary, { title: 'custom of all roles', equations: everyRole }].flatMap(({ title, equations }) =>
  [
    ['backward last', 'recurrent', { direction: 'backward', output: 'last' }] as const,
    ['both every-step', 'bidirectional', { output: 'every-step' }] as const,
  ].map(([wrapperName, wrapper, params]) =>
    graph(
      `${title}, ${wrapperName}`,
      taskOf(params.output),
      { ...embedded, cell: ['custom-cell', { hidden: 3, equations }], wrap: [wrapper, params], head: ['dense-softmax'] },
      wrapWires,
    ),
  ),
);

const stateCases = [...cells, ['custom of all roles', 'custom-cell', { hidden: 3, equations: everyRole }] as const].map(
  ([cellName, cell, params]) =>
    graph(
      `${cellName}, state handed on`,
      'step-tagging',
      {
        ...embedded,
        cell: [cell, params],
        first: ['recurrent', { direction: 'backward' }],
        second: ['recurrent'],
        both: ['concat'],
        head: ['dense-softmax'],
      },
      [...handedOnWires, 'first.output > both.inputs', 'second.output > both.inputs', 'both.output > head.input'],
    ),
);

/** A kind of one input and one output, on each step of a sequence and on a vector. */
const through = (name: string, kind: LayerKindName, params: Params): ContractCase[] =>
  (['every-step', 'last'] as const).map((output) =>
    graph(
      `${name}, ${output}`,
      taskOf(output),
      {
        ...embedded,
        cell: ['gru-cell', { hidden: 3 }],
        wrap: ['recurrent', { output }],
        layer: [kind, params],
        head: ['dense-softmax'],
      },
      [
        ...embeddedWires,
        'embed.sequence > wrap.sequence',
        'cell.cell > wrap.cell',
        'wrap.output > layer.input',
        'layer.output > head.input',
      ],
    ),
  );

const merging = (kind: 'concat' | 'add'): ContractCase[] =>
  (['every-step', 'last'] as const).map((output) =>
    graph(
      `${kind}, ${output}`,
      taskOf(output),
      {
        ...embedded,
        cell: ['lstm-cell', { hidden: 3 }],
        one: ['recurrent', { output }],
        two: ['recurrent', { output, direction: 'backward' }],
        merge: [kind],
        head: ['dense-softmax'],
      },
      [
        ...embeddedWires,
        'embed.sequence > one.sequence',
        'cell.cell > one.cell',
        'embed.sequence > two.sequence',
        'cell.cell > two.cell',
        'one.output > merge.inputs',
        'two.output > merge.inputs',
        'merge.output > head.input',
      ],
    ),
  );

const inputsAndHeads: readonly ContractCase[] = [
  graph(
    'one-hot',
    'step-tagging',
    {
      tokens: ['token-input'],
      hot: ['one-hot'],
      cell: ['rnn-cell', { hidden: 3 }],
      wrap: ['recurrent'],
      head: ['dense-softmax'],
    },
    ['tokens.tokens > hot.tokens', 'hot.sequence > wrap.sequence', 'cell.cell > wrap.cell', 'wrap.output > head.input'],
  ),
  graph(
    'frozen embedding',
    'step-tagging',
    {
      tokens: ['token-input'],
      embed: ['embedding', { width: 3, frozen: true }],
      cell: ['rnn-cell', { hidden: 3 }],
      wrap: ['recurrent'],
      head: ['dense-softmax'],
    },
    wrapWires,
  ),
  graph(
    'series and regression',
    'forecasting',
    {
      series: ['series-input'],
      cell: ['lstm-cell', { hidden: 3 }],
      wrap: ['recurrent', { output: 'last' }],
      head: ['linear-regression'],
    },
    ['series.sequence > wrap.sequence', 'cell.cell > wrap.cell', 'wrap.output > head.input'],
  ),
  graph(
    'two layers and a sigmoid head',
    'step-tagging',
    {
      ...embedded,
      cell: ['gru-cell', { hidden: 3 }],
      one: ['bidirectional'],
      two: ['bidirectional', { merge: 'sum' }],
      head: ['dense-sigmoid'],
    },
    [
      ...embeddedWires,
      'embed.sequence > one.sequence',
      'cell.cell > one.cell',
      'one.output > two.sequence',
      'cell.cell > two.cell',
      'two.output > head.input',
    ],
    2,
  ),
];

const decoderCells: readonly (readonly [string, LayerKindName, Params])[] = [
  ['gru', 'gru-cell', { hidden: 3 }],
  ['lstm', 'lstm-cell', { hidden: 3 }],
];

/** A bidirectional encoder, a bridge, and a decoder with and without attention. */
const decoderCases = decoderCells.flatMap(([cellName, cell, params]) =>
  ['none', 'dot', 'general', 'additive'].map((attention) =>
    graph(
      `encoder and decoder, ${cellName}, ${attention}`,
      'sequence-to-sequence',
      {
        ...embedded,
        cell: [cell, params],
        encoder: ['bidirectional', { merge: 'sum' }],
        bridge: ['bridge'],
        said: ['target-input'],
        targets: ['embedding', { width: 2 }],
        decoder: ['decoder', { attention, attentionWidth: 2 }],
        head: ['dense-softmax'],
      },
      [
        ...embeddedWires,
        'embed.sequence > encoder.sequence',
        'cell.cell > encoder.cell',
        'encoder.state > bridge.from',
        'cell.cell > bridge.cell',
        'said.tokens > targets.tokens',
        'targets.sequence > decoder.sequence',
        'cell.cell > decoder.cell',
        'bridge.state > decoder.initial',
        ...(attention === 'none' ? [] : ['encoder.output > decoder.memory']),
        'decoder.output > head.input',
      ],
      5,
    ),
  ),
);

/** Lengths 4, 2 and 3 joined by 2 and by 3: full and odd groups. */
const pyramidCases = decoderCells.flatMap(([cellName, cell, params]) =>
  [
    { layers: 1, join: 2, directions: 'both', output: 'last' },
    { layers: 1, join: 3, directions: 'forward', output: 'mean' },
  ].map((settings) =>
    graph(
      `pyramid, ${cellName}, ${settings.directions}`,
      'sequence-classification',
      { ...embedded, cell: [cell, params], wrap: ['pyramid', settings], head: ['dense-softmax'] },
      wrapWires,
    ),
  ),
);

/** Pictures of 5 × 4 with two channels: a rest is dropped in pooling. */
const pictureFacts: DataFacts = {
  vocabulary: null,
  classes: 3,
  features: 40,
  targets: null,
  image: { height: 5, width: 4, channels: 2 },
};

const pictureCases: readonly ContractCase[] = [
  graph(
    'image, two convolutions',
    'sequence-classification',
    {
      image: ['image-input'],
      one: ['convolution', { filters: 3, activation: 'tanh' }],
      two: ['convolution', { filters: 2, kernel: '1', activation: 'identity', pool: 1 }],
      flat: ['flatten'],
      head: ['dense-softmax'],
    },
    ['image.image > one.pictures', 'one.output > two.pictures', 'two.output > flat.pictures', 'flat.output > head.input'],
  ),
  graph(
    'frames, convolution and recurrence',
    'sequence-classification',
    {
      frames: ['frames-input'],
      look: ['convolution', { filters: 3, kernel: '5', activation: 'tanh' }],
      flat: ['flatten', { mode: 'mean' }],
      cell: ['gru-cell', { hidden: 3 }],
      wrap: ['recurrent', { output: 'last' }],
      head: ['dense-softmax'],
    },
    [
      'frames.frames > look.pictures',
      'look.output > flat.pictures',
      'flat.output > wrap.sequence',
      'cell.cell > wrap.cell',
      'wrap.output > head.input',
    ],
  ),
].map((one) => ({ ...one, facts: pictureFacts }));

/** Every cell × wrapper × mode, and every other kind. */
export const contractCases: readonly ContractCase[] = [
  ...recurrentCases,
  ...libraryCases,
  ...stateCases,
  ...deepCases,
  ...decoderCases,
  ...pyramidCases,
  ...pictureCases,
  ...through('layer norm', 'layer-norm', {}),
  ...through('dropout', 'dropout', { rate: 0.4 }),
  ...['identity', 'relu', 'tanh', 'sigmoid'].flatMap((activation) =>
    through(`dense ${activation}`, 'dense', { units: 4, activation }),
  ),
  ...merging('concat'),
  ...merging('add'),
  ...inputsAndHeads,
];
