import { GraphBuilder, type ParityCase, parityCase } from '../pytorch/parity-cases.ts';

/** A state or a vector that another kind of cell starts from. */
export function bridgeCases(): ParityCase[] {
  return ['state', 'output'].flatMap((port) =>
    ['gru-cell', 'lstm-cell'].map((kind) => {
      const graph = new GraphBuilder();
      graph.add('tokens', 'token-input');
      graph.add('embed', 'embedding', { width: 4 }, { tokens: 'tokens.tokens' });
      graph.add('first', 'lstm-cell', { hidden: 3, projection: 2 });
      graph.add('second', kind, { hidden: 5 });
      graph.add('both', 'bidirectional', { output: 'last' }, { sequence: 'embed.sequence', cell: 'first.cell' });
      const activation = kind === 'gru-cell' ? 'tanh' : 'identity';
      graph.add('over', 'bridge', { activation }, { from: `both.${port}`, cell: 'second.cell' });
      graph.add('layer', 'recurrent', {}, { sequence: 'embed.sequence', cell: 'second.cell', initial: 'over.state' });
      graph.add('head', 'dense-softmax', {}, { input: 'layer.output' });
      return parityCase(`bridge from a ${port} to a ${kind}`, graph.document('step-tagging'));
    }),
  );
}

/** Deep wrappers: layers inside one node, with and without added inputs, and a state that goes into all of them. */
export function stackCases(): ParityCase[] {
  const outputs = ['every-step', 'last', 'mean'];
  const wrappers = [
    ['recurrent', { direction: 'forward' }],
    ['recurrent', { direction: 'backward' }],
    ['bidirectional', { merge: 'concat' }],
  ] as const;
  return wrappers.flatMap(([kind, params]) =>
    outputs.flatMap((output) =>
      [false, true].map((residual) => {
        const graph = new GraphBuilder();
        graph.add('tokens', 'token-input');
        graph.add('embed', 'embedding', { width: 4 }, { tokens: 'tokens.tokens' });
        graph.add('cell', 'lstm-cell', { hidden: 3, projection: residual ? 0 : 2 });
        const settings = { ...params, output, layers: 3, dropout: 0.4, residual };
        const initial: Record<string, string> = kind === 'recurrent' ? { initial: 'before.state' } : {};
        if (kind === 'recurrent') {
          graph.add('before', 'recurrent', { layers: 3 }, { sequence: 'embed.sequence', cell: 'cell.cell' });
        }
        graph.add('deep', kind, settings, { sequence: 'embed.sequence', cell: 'cell.cell', ...initial });
        graph.add('head', 'dense-softmax', {}, { input: 'deep.output' });
        const task = output === 'every-step' ? 'step-tagging' : 'sequence-classification';
        const name = `three layers · ${Object.values(params).join()} · ${output}${residual ? ' · residual' : ''}`;
        return parityCase(name, graph.document(task));
      }),
    ),
  );
}
