import { cells, directions, GraphBuilder, outputModes, type ParityCase, parityCase } from './parity-cases.ts';

/** Deep RNNs: a cell that its wrapper stacks (row L10), in each direction and merge, with and without residual connections. */
export function stackCases(): ParityCase[] {
  const cases: ParityCase[] = [];
  const stacked = [
    'rnn relu',
    'gru reset-after',
    'gru simplified',
    'lstm',
    'lstm projected',
    'lstm projected, peepholes, coupled',
  ];
  for (const name of stacked) {
    for (const direction of directions) {
      for (const residual of [false, true]) {
        for (const output of outputModes) {
          const both = direction !== 'forward' && direction !== 'backward';
          if (residual && output === 'last' && both && direction !== 'concat') continue;
          const graph = new GraphBuilder();
          graph.add('tokens', 'token-input');
          graph.add('embed', 'embedding', { width: 4 }, { tokens: 'tokens.tokens' });
          graph.add('cell', cells[name]?.kind ?? '', { ...cells[name]?.params, hidden: 4 });
          const wires = { sequence: 'embed.sequence', cell: 'cell.cell' };
          const stack = { layers: residual ? 3 : 2, dropout: 0.25, residual, output };
          if (both) graph.add('deep', 'bidirectional', { merge: direction, ...stack }, wires);
          else graph.add('deep', 'recurrent', { direction, ...stack }, wires);
          graph.add('head', 'dense-softmax', {}, { input: 'deep.output' });
          const task = output === 'every-step' ? 'step-tagging' : 'sequence-classification';
          cases.push(
            parityCase(
              `${name} · ${direction} · ${residual ? '3 layers, residual' : '2 layers'} · ${output}`,
              graph.document(task),
            ),
          );
        }
      }
    }
    for (const residual of [false, true]) {
      const graph = new GraphBuilder();
      graph.add('tokens', 'token-input');
      graph.add('embed', 'embedding', { width: 4 }, { tokens: 'tokens.tokens' });
      graph.add('cell', cells[name]?.kind ?? '', { ...cells[name]?.params, hidden: 4 });
      const wires = { sequence: 'embed.sequence', cell: 'cell.cell' };
      graph.add('first', 'recurrent', { layers: 2 }, wires);
      graph.add('second', 'recurrent', { layers: 2, residual }, { ...wires, initial: 'first.state' });
      graph.add('third', 'recurrent', { layers: 2 }, { ...wires, initial: 'second.state' });
      graph.add('head', 'dense-softmax', {}, { input: 'third.output' });
      cases.push(
        parityCase(`${name} · states of 2 layers handed on${residual ? ', residual' : ''}`, graph.document('step-tagging')),
      );
    }
  }
  return cases;
}
