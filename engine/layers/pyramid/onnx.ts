import type { z } from 'zod';
import { arrived, type OnnxGraph, type OnnxLayer, type OnnxTime, type OnnxValue } from '../onnx.ts';
import { directionsBeside } from '../onnx-directions.ts';
import { outputOverSteps, runOperator } from '../onnx-recurrent.ts';
import { known, only } from '../ports.ts';
import type { pyramid } from './definition.ts';

/** Steps are joined by a Reshape before each layer's operator, and the lengths shrink with them. */
export const pyramidOnnx: OnnxLayer<z.output<typeof pyramid.config>> = {
  write(node, graph) {
    const { layers, join, directions, output: mode } = node.config;
    let { name: input, time } = arrived(node, 'sequence', 'sequence');
    let width = known(only(node.inputTypes, 'sequence', 'sequence').features, 'input width');
    const outputs: Record<string, OnnxValue> = {};
    for (let layer = 0; layer < layers; layer++) {
      const name = `${node.name}/layer_${layer + 1}`;
      const top = layer === layers - 1;
      const joined = joinSteps(graph, name, input, time, join, width);
      time = joined.time;
      const { sequence, final } = runOperator(node, graph, {
        direction: directions === 'both' ? 'bidirectional' : 'forward',
        layer: `_l${layer}`,
        name,
        input: joined.name,
        time,
        initial: null,
        want: { sequence: !top || mode !== 'last', final: top && (node.wanted.has('state') || mode === 'last') },
      });
      const state = only({ state: node.outputTypes['state'] ? [node.outputTypes['state']] : [] }, 'state', 'state');
      width = (state.parts[0]?.width ?? 0) * (directions === 'both' ? 2 : 1);
      const [h] = final;
      if (top && h !== undefined) {
        outputs['state'] = { type: 'state', parts: final };
        if (mode === 'last') outputs['output'] = { type: 'vector', name: directionsBeside(graph, node.name, h, 0, directions) };
      }
      if (sequence === '') break;
      input = directionsBeside(graph, top && mode === 'every-step' ? node.name : `${name}/output`, sequence, 1, directions);
    }
    if (mode !== 'last') outputs['output'] = outputOverSteps(graph, node.name, mode, input, time);
    return outputs;
  },
};

/** `[time, batch, F]` → `[⌈time / k⌉, batch, k·F]`: k steps side by side, zeros where the row has ended. */
function joinSteps(
  graph: OnnxGraph,
  name: string,
  sequence: string,
  time: OnnxTime,
  join: number,
  features: number,
): { readonly name: string; readonly time: OnnxTime } {
  const at = (part: string): string => `${name}/${part}`;
  const zero = graph.weight(at('filler'), [], Float32Array.of(0));
  const real = graph.node('Where', at('real_steps_only'), [graph.realSteps(time, sequence), sequence, zero]);
  const [k, rest] = [graph.integers(at('join'), [join]), graph.integers(at('rest'), [join - 1])];
  const longer = graph.node('Pad', at('with_room'), [real, graph.integers(at('room'), [0, 0, 0, join - 1, 0, 0])]);
  const steps = graph.node('Shape', at('steps_before'), [sequence], { start: { int: 0 }, end: { int: 1 } });
  const groups = graph.node('Div', at('groups'), [graph.node('Add', at('steps_and_rest'), [steps, rest]), k]);
  const end = graph.node('Mul', at('end'), [groups, k]);
  const axis = graph.integers(at('time_axis'), [0]);
  const whole = graph.node('Slice', at('whole_groups'), [longer, axis, end, axis]);
  const rows = graph.node('Transpose', at('rows'), [whole], { perm: { ints: [1, 0, 2] } });
  const beside = graph.node('Reshape', at('steps_beside'), [rows, graph.integers(at('shape'), [0, -1, join * features])]);
  const lengths = graph.node('Div', at('lengths'), [graph.node('Add', at('lengths_and_rest'), [time.lengths, rest]), k]);
  return {
    name: graph.node('Transpose', at('joined'), [beside], { perm: { ints: [1, 0, 2] } }),
    time: { symbol: `${time.symbol}/${join}`, lengths },
  };
}
