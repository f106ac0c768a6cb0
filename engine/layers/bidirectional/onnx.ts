import type { z } from 'zod';
import type { OnnxGraph, OnnxLayer, OnnxValue } from '../onnx.ts';
import { outputOverSteps, runOperator, wrappedSequence } from '../onnx-recurrent.ts';
import type { bidirectional } from './definition.ts';

type Merge = z.output<typeof bidirectional.config>['merge'];

/** Both directions in one operator; it stacks them on an axis of their own, which is then merged. */
export const bidirectionalOnnx: OnnxLayer<z.output<typeof bidirectional.config>> = {
  write(node, graph) {
    const { merge, output: mode } = node.config;
    const { name: input, time } = wrappedSequence(node);
    const reads = node.wanted.has('output');
    const { sequence, final } = runOperator(node, graph, {
      direction: 'bidirectional',
      layer: '_l0',
      name: node.name,
      input,
      time,
      initial: null,
      want: { sequence: reads && mode !== 'last', final: node.wanted.has('state') || (reads && mode === 'last') },
    });
    const outputs: Record<string, OnnxValue> = {};
    if (mode !== 'last' && sequence !== '') {
      const name = mode === 'every-step' ? node.name : `${node.name}/every_step`;
      outputs['output'] = outputOverSteps(graph, node.name, mode, merged(graph, name, merge, sequence, 1), time);
    }
    const [h] = final;
    if (mode === 'last' && reads && h !== undefined) {
      outputs['output'] = { type: 'vector', name: merged(graph, node.name, merge, h, 0) };
    }
    if (final.length > 0) outputs['state'] = { type: 'state', parts: final };
    return outputs;
  },
};

/** Joins the axis of directions: `[time, 2, batch, H]` (axis 1) or `[2, batch, H]` (axis 0). */
function merged(graph: OnnxGraph, name: string, merge: Merge, value: string, axis: 0 | 1): string {
  const once = { keepdims: { int: 0 } };
  switch (merge) {
    case 'concat': {
      const perm = axis === 1 ? [0, 2, 1, 3] : [1, 0, 2];
      const beside = graph.node('Transpose', `${name}/side_by_side`, [value], { perm: { ints: perm } });
      const shape = graph.integers(`${name}/shape`, axis === 1 ? [0, 0, -1] : [0, -1]);
      return graph.node('Reshape', name, [beside, shape]);
    }
    case 'sum':
      return graph.node('ReduceSum', name, [value, graph.integers(`${name}/directions`, [axis])], once);
    case 'mean':
      return graph.node('ReduceMean', name, [value], { ...once, axes: { ints: [axis] } });
    case 'product':
      return graph.node('ReduceProd', name, [value], { ...once, axes: { ints: [axis] } });
  }
}
