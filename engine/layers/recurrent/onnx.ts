import type { z } from 'zod';
import { arrived, type OnnxLayer, type OnnxValue } from '../onnx.ts';
import { outputOverSteps, runOperator, wrappedSequence } from '../onnx-recurrent.ts';
import type { recurrent } from './definition.ts';

/** One direction: an operator with `direction` forward or reverse, which takes each row's own length. */
export const recurrentOnnx: OnnxLayer<z.output<typeof recurrent.config>> = {
  write(node, graph) {
    const { direction, output: mode } = node.config;
    const { name: input, time } = wrappedSequence(node);
    const reads = node.wanted.has('output');
    const { sequence, final } = runOperator(node, graph, {
      direction: direction === 'backward' ? 'reverse' : 'forward',
      layer: '_l0',
      name: node.name,
      input,
      time,
      initial: node.inputs['initial']?.[0] === undefined ? null : arrived(node, 'initial', 'state').parts,
      want: { sequence: reads && mode !== 'last', final: node.wanted.has('state') || (reads && mode === 'last') },
    });
    const outputs: Record<string, OnnxValue> = {};
    const squeeze = (value: string, axis: number, name: string): string =>
      graph.node('Squeeze', name, [value, graph.integers(`${node.name}/direction_axis`, [axis])]);
    if (mode !== 'last' && sequence !== '') {
      const steps = squeeze(sequence, 1, mode === 'every-step' ? node.name : `${node.name}/every_step`);
      outputs['output'] = outputOverSteps(graph, node.name, mode, steps, time);
    }
    const [h] = final;
    if (mode === 'last' && reads && h !== undefined) outputs['output'] = { type: 'vector', name: squeeze(h, 0, node.name) };
    if (final.length > 0) outputs['state'] = { type: 'state', parts: final };
    return outputs;
  },
};
