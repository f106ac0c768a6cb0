import type { z } from 'zod';
import { arrived, type OnnxLayer, type OnnxValue } from '../onnx.ts';
import { directionsBeside } from '../onnx-directions.ts';
import { outputOverSteps } from '../onnx-recurrent.ts';
import { runOperators, stepAtEnd } from '../onnx-stack.ts';
import { addsInputs } from '../stack.ts';
import type { recurrent } from './definition.ts';

/** One direction: operators with `direction` forward or reverse, which take each row's own length. */
export const recurrentOnnx: OnnxLayer<z.output<typeof recurrent.config>> = {
  write(node, graph) {
    const { direction, output: mode } = node.config;
    const backward = direction === 'backward';
    const { time } = arrived(node, 'sequence', 'sequence');
    const reads = node.wanted.has('output');
    const lastState = mode === 'last' && !addsInputs(node.config);
    const { sequence, last, states } = runOperators(node, graph, {
      stack: node.config,
      direction: backward ? 'reverse' : 'forward',
      merge: (steps, name) => directionsBeside(graph, name, steps, 1, 'forward'),
      output: mode === 'every-step' ? node.name : `${node.name}/every_step`,
      want: { sequence: reads && !lastState, last: reads && lastState, states: node.wanted.has('state') },
    });
    const outputs: Record<string, OnnxValue> = {};
    if (states.length > 0) outputs['state'] = { type: 'state', parts: states };
    if (last !== '') outputs['output'] = { type: 'vector', name: directionsBeside(graph, node.name, last, 0, 'forward') };
    if (sequence !== '') {
      outputs['output'] =
        mode === 'last'
          ? { type: 'vector', name: stepAtEnd(graph, node.name, sequence, time, backward) }
          : outputOverSteps(graph, node.name, mode, sequence, time);
    }
    return outputs;
  },
};
