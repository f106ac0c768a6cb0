import { cellLibrary } from '../../cells/library.ts';
import { randomCell } from '../../cells/random-cell.test-support.ts';
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

/** Cells that are given by their equations: those of the library, random ones, and those that only their names make hard, each in another wrapper. */
export function customCellCases(): ParityCase[] {
  const named: (readonly [string, string])[] = [
    ...cellLibrary.map(({ title, equations }) => [title, equations] as const),
    ...wrappers.map(([wrapper], index) => [`every role in ${wrapper} ${index}`, everyRole] as const),
    ...Array.from({ length: 24 }, (_, seed) => [`random cell ${seed}`, randomCell(new Random(seed, 'parity'))] as const),
    ['names of Python', pythonNames],
    ['an output that is another name of a state', "c' = tanh(W x + U c)\nout = c'\nq' = tanh(V out + R q)"],
    ['numbers alone', "h' = max(-0.5, min(tanh(W x + U h) * sigmoid(1), 2 / 4)) - (-1 - 2) * h / 10"],
  ];
  return named.map(([name, equations], index) => {
    const [wrapper, settings] = wrappers[index % wrappers.length] ?? wrappers[0];
    const graph = new GraphBuilder();
    graph.add('tokens', 'token-input');
    graph.add('embed', 'embedding', { width: 4 }, { tokens: 'tokens.tokens' });
    graph.add('cell', 'custom-cell', { hidden: 4, equations });
    graph.add('wrap', wrapper, { ...settings }, { sequence: 'embed.sequence', cell: 'cell.cell' });
    graph.add('head', 'dense-softmax', {}, { input: 'wrap.output' });
    return parityCase(
      `${name} · ${wrapper}`,
      graph.document(settings.output === 'every-step' ? 'step-tagging' : 'sequence-classification'),
    );
  });
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
