import type { z } from 'zod';
import { arrived, type OnnxLayer, renamed } from '../onnx.ts';
import { linearNodes } from '../onnx-linear.ts';
import type { dense } from './definition.ts';

const operators = { relu: 'Relu', tanh: 'Tanh', sigmoid: 'Sigmoid' } as const;

/** A linear map and its activation. */
export const denseOnnx: OnnxLayer<z.output<typeof dense.config>> = {
  write: (node, graph) => {
    const input = arrived(node, 'input', 'sequence', 'vector');
    const { activation } = node.config;
    if (activation === 'identity') return { output: linearNodes(node, graph, input, node.name) };
    const sum = linearNodes(node, graph, input, `${node.name}/linear`);
    return { output: renamed(sum, graph.node(operators[activation], node.name, [sum.name])) };
  },
};
