import type { LayerKindName } from '../registry.ts';
import { cells, embedded, graph, handedOnWires, type Params, taskOf, wrapWires } from './graph.ts';

const deepCells = cells.filter(([name]) => ['gru relevance-before', 'lstm', 'lstm projected, peepholes, coupled'].includes(name));
const deepWrappers = [
  ...['forward', 'backward'].map((direction) => [direction, 'recurrent', { direction }] as const),
  ...['concat', 'sum'].map((merge) => [`both ${merge}`, 'bidirectional', { merge }] as const),
] satisfies readonly (readonly [string, LayerKindName, Params])[];
const stacks: readonly (readonly [string, Params])[] = [
  ['2 layers', { layers: 2 }],
  ['2 layers, dropout, residual', { layers: 2, dropout: 0.3, residual: true }],
  ['3 layers, residual', { layers: 3, residual: true }],
];

const deepRuns = deepCells.flatMap(([cellName, cell, cellParams]) =>
  deepWrappers.flatMap(([wrapperName, wrapper, params]) =>
    stacks.flatMap(([stackName, stack]) =>
      ['every-step', 'last']
        .filter((output) => !(wrapperName === 'both sum' && output === 'last' && 'residual' in stack))
        .map((output) =>
          graph(
            `${stackName}: ${cellName}, ${wrapperName} ${output}`,
            taskOf(output),
            { ...embedded, cell: [cell, cellParams], wrap: [wrapper, { ...params, ...stack, output }], head: ['dense-softmax'] },
            wrapWires,
          ),
        ),
    ),
  ),
);

const handedOn = ['gru-cell', 'lstm-cell'].map((cell) =>
  graph(
    `2 layers: ${cell}, states handed on`,
    'step-tagging',
    {
      ...embedded,
      cell: [cell as LayerKindName, { hidden: 3 }],
      first: ['recurrent', { layers: 2, direction: 'backward' }],
      second: ['recurrent', { layers: 2 }],
      head: ['dense-softmax'],
    },
    [...handedOnWires, 'second.output > head.input'],
  ),
);

/** Deep RNNs (row L10): a cell stacked by its wrapper, and the states of all layers handed on to another stack. */
export const deepCases = [...deepRuns, ...handedOn];
