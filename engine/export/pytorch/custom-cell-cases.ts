import { cellLibrary } from '../../cells/library.ts';
import { randomCell } from '../../cells/random-cell.test-support.ts';
import type { GraphNode } from '../../document/schema.ts';
import { everyRole } from '../../layers/contract/graph.ts';
import { Random } from '../../random.ts';
import { GraphBuilder, type ParityCase, parityCase } from './parity-cases.ts';

const wrappers = [
  ['recurrent', { direction: 'forward', output: 'every-step' }],
  ['recurrent', { direction: 'backward', output: 'last' }],
  ['bidirectional', { merge: 'concat', output: 'every-step' }],
  ['recurrent', { layers: 2, residual: true, output: 'mean' }],
  ['bidirectional', { merge: 'sum', layers: 2, output: 'max' }],
  ['recurrent', { direction: 'backward', output: 'every-step' }],
  ['pyramid', { layers: 2, output: 'last' }],
] as const;
type Wrapper = readonly [kind: string, settings: GraphNode['params'] & { readonly output: string }];

/** More random cells, or others: UNROLL_RANDOM_CELLS=500, or 500@1000 for seeds from 1000. */
const [count = 200, first = 0] = (process.env['UNROLL_RANDOM_CELLS'] ?? '200@0').split('@').map(Number);

/** Cells that are given by their equations: those of the library each way and deep, random ones, and those that only their names make hard. */
export function customCellCases(): ParityCase[] {
  const named: (readonly [string, string])[] = [
    ...wrappers.map(([wrapper], index) => [`every role in ${wrapper} ${index}`, everyRole] as const),
    ...Array.from(
      { length: count },
      (_, index) => [`random cell ${first + index}`, randomCell(new Random(first + index, 'parity'))] as const,
    ),
    ['names of Python', pythonNames],
    ['an output that is another name of a state', "c' = tanh(W x + U c)\nout = c'\nq' = tanh(V out + R q)"],
    ['numbers alone', "h' = max(-0.5, min(tanh(W x + U h) * sigmoid(1), 2 / 4)) - (-1 - 2) * h / 10"],
    ['a step without its input', "c' = tanh(b_c) + 0.5 * c\nh' = b_h\nout = c' * softmax(p_q) * k_s"],
  ];
  return [
    ...libraryCases(),
    ...named.map(([name, equations], index) =>
      wrapped(`${name} · ${index}`, equations, wrappers[index % wrappers.length] ?? wrappers[0]),
    ),
    ...carriedCases(),
  ];
}

/** Every cell of the library × direction × layers, the output taken in turn. */
function libraryCases(): ParityCase[] {
  const outputs = ['every-step', 'last', 'mean', 'max'];
  const directions: readonly (readonly [string, GraphNode['params']])[] = [
    ['recurrent', { direction: 'forward' }],
    ['recurrent', { direction: 'backward' }],
    ['bidirectional', { merge: 'concat' }],
  ];
  return cellLibrary.flatMap(({ title, equations }, cell) =>
    directions.flatMap(([kind, settings], direction) =>
      [1, 2].map((layers) => {
        const output = outputs[(cell + 2 * direction + layers) % outputs.length] ?? 'last';
        const how = Object.values(settings).join();
        return wrapped(`${title} · ${how} · ${layers} layers`, equations, [kind, { ...settings, layers, output }]);
      }),
    ),
  );
}

function wrapped(name: string, equations: string, [kind, settings]: Wrapper): ParityCase {
  const graph = new GraphBuilder();
  graph.add('tokens', 'token-input');
  graph.add('embed', 'embedding', { width: 4 }, { tokens: 'tokens.tokens' });
  graph.add('cell', 'custom-cell', { hidden: 4, equations });
  graph.add('wrap', kind, { ...settings }, { sequence: 'embed.sequence', cell: 'cell.cell' });
  graph.add('head', 'dense-softmax', {}, { input: 'wrap.output' });
  const task = settings.output === 'every-step' ? 'step-tagging' : 'sequence-classification';
  return parityCase(`${name} · ${kind}`, graph.document(task));
}

/** States that are handed on: from layer to layer, from encoder to decoder, and from step to step of what says sequences. */
function carriedCases(): ParityCase[] {
  const start = (): GraphBuilder => {
    const graph = new GraphBuilder();
    graph.add('tokens', 'token-input');
    graph.add('embed', 'embedding', { width: 4 }, { tokens: 'tokens.tokens' });
    graph.add('cell', 'custom-cell', { hidden: 4, equations: everyRole });
    return graph;
  };
  const handedOn = ['forward', 'backward'].flatMap((direction) =>
    [1, 2].map((layers) => {
      const graph = start();
      const wires = { sequence: 'embed.sequence', cell: 'cell.cell' };
      graph.add('first', 'recurrent', { direction, layers }, wires);
      graph.add('second', 'recurrent', { direction, layers }, { ...wires, initial: 'first.state' });
      graph.add('head', 'dense-softmax', {}, { input: 'second.output' });
      return parityCase(`initial state · every role · ${direction} · ${layers} layers`, graph.document('step-tagging'));
    }),
  );
  const decoder = start();
  decoder.add('encoder', 'recurrent', { layers: 2 }, { sequence: 'embed.sequence', cell: 'cell.cell' });
  decoder.add('targets', 'target-input');
  decoder.add('said', 'embedding', { width: 3 }, { tokens: 'targets.tokens' });
  const wires = { sequence: 'said.sequence', cell: 'cell.cell', initial: 'encoder.state', memory: 'encoder.output' };
  decoder.add('decoder', 'decoder', { attention: 'general', layers: 2 }, wires);
  decoder.add('head', 'dense-softmax', {}, { input: 'decoder.output' });
  const language = start();
  language.add('layer', 'recurrent', { layers: 2 }, { sequence: 'embed.sequence', cell: 'cell.cell' });
  language.add('head', 'dense-softmax', {}, { input: 'layer.output' });
  return [
    ...handedOn,
    parityCase('decoder · every role', decoder.document('sequence-to-sequence')),
    parityCase('language model · every role', language.document('language-model')),
  ];
}

/** Every name is a word of Python, of the class that is written, or of `torch.nn.Module`. */
const pythonNames = `lambda = sigmoid(None x + T_destination h + b_in)
new_h = tanh(True x + p_is * lambda)
real = k_self * new_h
outputs' = hidden + real
hidden' = tanh(U outputs)
torch = hidden' * lambda
h' = h * torch + new_h
start b_in = 0.25`;
