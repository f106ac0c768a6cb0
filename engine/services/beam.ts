import type { TraceStore } from '../inspect/trace-store.ts';
import { searchSequence } from '../predict/predict-sequence.tf.ts';
import type { Handlers } from '../protocol/contract.ts';
import { UserError } from '../protocol/envelope.ts';

/** How beam search comes to what it says. */
export function beamService(traces: Pick<TraceStore, 'use'>): Pick<Handlers, 'inspect.beam'> {
  return {
    'inspect.beam': ({ trace, width, lengthPenalty }) =>
      traces.use(trace, async ({ subject, example }) => {
        if (subject.encoding.binding.task !== 'sequence-to-sequence') throw saysNone;
        const settings = { method: 'beam', maxTokens: null, width, lengthPenalty, tree: true } as const;
        const { hypotheses, tree } = await searchSequence(subject, example.batch, settings);
        if (tree === undefined) throw new Error('a beam search that was asked for its tree told none');
        return { hypotheses, tree };
      }),
  };
}

const saysNone = new UserError({
  code: 'wrong-input',
  message: 'This network says no sequence: there is nothing that beam search could look for.',
  hint: 'Look into a network with a decoder.',
});
