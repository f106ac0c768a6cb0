import { portKey } from '../graph/infer-shapes.ts';
import type { GradientSummary } from '../protocol/inspect.ts';
import { rowNorms } from './arrays.tf.ts';
import type { Gradient, RecurrenceGradient } from './gradient.tf.ts';
import type { KeptTrace } from './trace.tf.ts';

/** Norms by step, and the terms of every parameter. */
export function describeGradient({ subject, outputs }: KeptTrace, gradient: Gradient): GradientSummary {
  return {
    value: gradient.value,
    nodes: subject.model.plan.modules.map(({ id }) => ({
      node: id,
      outputs: outputs
        .filter(({ node }) => node === id)
        .map(({ port, values }) => ({
          port,
          norm: rowNorms(gradient.outputs.get(portKey(id, port)) ?? { ...values, data: new Float32Array(values.data.length) }),
        })),
      recurrent: gradient.recurrences.filter(({ node }) => node === id).map(describeRecurrence),
    })),
  };
}

function describeRecurrence({
  layer,
  direction,
  states,
  inputs,
  terms,
}: RecurrenceGradient): GradientSummary['nodes'][number]['recurrent'][number] {
  return {
    layer,
    direction,
    states: Object.fromEntries([...states].map(([name, values]) => [name, rowNorms(values)])),
    inputs: inputs === null ? [] : rowNorms(inputs),
    terms: Object.fromEntries(
      [...terms].map(([name, { norm, along }]) => {
        const square = along.reduce((sum, one) => sum + one, 0);
        const share = Array.from(along, (one) => (square > 0 ? one / square : 0));
        return [name, { norm: [...norm], share, total: Math.sqrt(Math.max(0, square)) }];
      }),
    ),
  };
}
