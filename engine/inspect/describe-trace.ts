import { findLayer } from '../layers/registry.ts';
import type { Trace, TracedNode } from '../protocol/inspect.ts';
import { rowNorms, sent, shrunk } from './arrays.tf.ts';
import { lossesOf } from './losses.ts';
import { equalWithin, type KeptTrace } from './trace.tf.ts';

/** Rows and columns of a card's strip at most. */
const strip = { steps: 64, units: 24 };

/** What a window is told of a trace at first; it asks for the rest when it shows it. */
export function describeTrace(id: string, trace: KeptTrace): Trace {
  const { subject, example, recurrences, prediction } = trace;
  const { words, unknown, batch, target } = example;
  const [worst] = [...recurrences].sort((a, b) => b.difference - a.difference);
  return {
    trace: id,
    run: subject.run,
    step: subject.step,
    weights: subject.weights,
    data: subject.encoding.fingerprint,
    steps: Array.from({ length: batch.steps }, (_, t) => ({
      token: words[t] ?? '',
      unknown: unknown[t] ?? false,
      padded: t >= (batch.lengths[0] ?? 0),
    })),
    target,
    ...spread(lossesOf(subject, example, trace.logits.data)),
    prediction,
    nodes: subject.model.plan.modules.map((module) => nodeOf(trace, module)),
    equality: { difference: worst?.difference ?? 0, within: equalWithin, node: worst?.node ?? null },
  };
}

const spread = ({ loss, losses }: ReturnType<typeof lossesOf>): Pick<Trace, 'loss' | 'losses'> => ({
  loss,
  losses: losses && [...losses],
});

function nodeOf(
  { outputs, recurrences, attention }: KeptTrace,
  { id, name, kind }: KeptTrace['subject']['model']['plan']['modules'][number],
): TracedNode {
  const aligned = attention.get(id);
  return {
    node: id,
    module: name,
    kind,
    title: findLayer(kind)?.title ?? kind,
    outputs: outputs
      .filter(({ node }) => node === id)
      .map(({ port, steps, values }) => ({
        port,
        steps: [...steps],
        units: values.shape[1] ?? 0,
        norm: rowNorms(values),
        strip: sent(shrunk(values, strip.steps, strip.units)),
      })),
    recurrent: recurrences.filter(({ node }) => node === id).map(({ described }) => described),
    attention: aligned === undefined ? null : sent(aligned),
  };
}
