import type { DataBinding } from '../../document/data-binding.ts';
import { node, wire } from '../../document/fixtures/graph-literals.ts';
import { emptyDocument, type UnrollDocument } from '../../document/schema.ts';

/** A small network for a task on the data, for tests. @param numeric whether its steps are numbers */
export function smallNetwork(data: DataBinding, numeric: boolean): UnrollDocument {
  const regression = data.task === 'forecasting' || data.task === 'sequence-regression';
  const steps = data.task === 'step-tagging' || data.task === 'language-model';
  const says = data.task === 'sequence-to-sequence';
  return {
    ...emptyDocument('Small'),
    nodes: [
      ...(numeric ? [node('in', 'series-input')] : [node('in', 'token-input'), node('embed', 'embedding', { width: 6 })]),
      node('cell', 'gru-cell', { hidden: 8 }),
      node('rnn', 'recurrent', { output: steps ? 'every-step' : 'last' }),
      ...(says ? [node('said', 'target-input'), node('words', 'embedding', { width: 6 }), node('decoder', 'decoder')] : []),
      node('head', regression ? 'linear-regression' : 'dense-softmax'),
    ],
    edges: [
      ...(numeric ? ['in.sequence > rnn.sequence'] : ['in.tokens > embed.tokens', 'embed.sequence > rnn.sequence']),
      'cell.cell > rnn.cell',
      ...(says
        ? [
            'said.tokens > words.tokens',
            'words.sequence > decoder.sequence',
            'cell.cell > decoder.cell',
            'rnn.state > decoder.initial',
            'decoder.output > head.input',
          ]
        : ['rnn.output > head.input']),
    ].map(wire),
    data,
  };
}
