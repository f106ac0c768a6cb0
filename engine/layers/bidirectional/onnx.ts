import type { z } from 'zod';
import { arrived, type OnnxGraph, type OnnxLayer, type OnnxTime, type OnnxValue } from '../onnx.ts';
import { directionsBeside } from '../onnx-directions.ts';
import { outputOverSteps } from '../onnx-recurrent.ts';
import { runOperators, stepAtEnd } from '../onnx-stack.ts';
import { addsInputs } from '../stack.ts';
import type { bidirectional } from './definition.ts';

type Merge = z.output<typeof bidirectional.config>['merge'];

/** Both directions in one operator a layer; it stacks them on an axis of their own, which is then merged. */
export const bidirectionalOnnx: OnnxLayer<z.output<typeof bidirectional.config>> = {
  write(node, graph) {
    const { merge, output: mode } = node.config;
    const { time } = arrived(node, 'sequence', 'sequence');
    const reads = node.wanted.has('output');
    const lastState = mode === 'last' && !addsInputs(node.config);
    const { sequence, last, states } = runOperators(node, graph, {
      stack: node.config,
      direction: 'bidirectional',
      merge: (steps, name) => merged(graph, name, merge, steps, 1),
      output: mode === 'every-step' ? node.name : `${node.name}/every_step`,
      want: { sequence: reads && !lastState, last: reads && lastState, states: node.wanted.has('state') },
    });
    const outputs: Record<string, OnnxValue> = {};
    if (states.length > 0) outputs['state'] = { type: 'state', parts: states };
    if (last !== '') outputs['output'] = { type: 'vector', name: merged(graph, node.name, merge, last, 0) };
    if (sequence !== '') {
      outputs['output'] =
        mode === 'last'
          ? { type: 'vector', name: lastOfHalves(graph, node.name, sequence, time) }
          : outputOverSteps(graph, node.name, mode, sequence, time);
    }
    return outputs;
  },
};

/** Each direction's half of the features at the end of that direction: `[time, batch, 2P]` → `[batch, 2P]`. */
function lastOfHalves(graph: OnnxGraph, name: string, sequence: string, time: OnnxTime): string {
  const [ahead, back] = [`${name}/ahead`, `${name}/back`];
  graph.nodes('Split', `${name}/halves`, [sequence], [ahead, back], { axis: { int: 2 } });
  const ends = [stepAtEnd(graph, `${ahead}_last`, ahead, time, false), stepAtEnd(graph, `${back}_last`, back, time, true)];
  return graph.node('Concat', name, ends, { axis: { int: -1 } });
}

/** Joins the axis of directions: `[time, 2, batch, H]` (axis 1) or `[2, batch, H]` (axis 0). */
function merged(graph: OnnxGraph, name: string, merge: Merge, value: string, axis: 0 | 1): string {
  const once = { keepdims: { int: 0 } };
  switch (merge) {
    case 'concat':
      return directionsBeside(graph, name, value, axis, 'both');
    case 'sum':
      return graph.node('ReduceSum', name, [value, graph.integers(`${name}/directions`, [axis])], once);
    case 'mean':
      return graph.node('ReduceMean', name, [value], { ...once, axes: { ints: [axis] } });
    case 'product':
      return graph.node('ReduceProd', name, [value], { ...once, axes: { ints: [axis] } });
  }
}
