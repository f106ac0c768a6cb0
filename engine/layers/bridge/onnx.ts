import type { z } from 'zod';
import { arrived, type OnnxGraph, type OnnxLayer, type OnnxNode } from '../onnx.ts';
import { linearNodes } from '../onnx-linear.ts';
import { only } from '../ports.ts';
import type { bridge } from './definition.ts';

/** One Gemm for each part of the wanted state. */
export const bridgeOnnx: OnnxLayer<z.output<typeof bridge.config>> = {
  write: (node, graph) => {
    const given = { type: 'vector', name: givenVector(node, graph) } as const;
    const { cell } = only(node.inputTypes, 'cell', 'cell');
    const parts = cell.states.map(({ name: part }) => {
      const name = `${node.name}/${part}`;
      const sum = linearNodes(node, graph, given, `${name}_linear`, `${part}.`).name;
      const value = node.config.activation === 'tanh' ? graph.node('Tanh', `${name}_tanh`, [sum]) : sum;
      const { layers } = node.config;
      if (layers === 1) return graph.node('Unsqueeze', name, [value, graph.integers(`${node.name}/layer_axis`, [0])]);
      const blocks = graph.node('Reshape', `${name}_blocks`, [value, graph.integers(`${name}_block_shape`, [0, layers, -1])]);
      return graph.node('Transpose', name, [blocks], { perm: { ints: [1, 0, 2] } });
    });
    return { state: { type: 'state', parts } };
  },
};

/** What comes over the bridge, `[batch, F]`: of a state all parts side by side, layer by layer. */
function givenVector(node: OnnxNode<unknown>, graph: OnnxGraph): string {
  const from = arrived(node, 'from', 'state', 'vector');
  if (from.type === 'vector') return from.name;
  const parts =
    from.parts.length === 1
      ? (from.parts[0] ?? '')
      : graph.node('Concat', `${node.name}/parts`, from.parts, { axis: { int: -1 } });
  const rows = graph.node('Transpose', `${node.name}/layers_beside`, [parts], { perm: { ints: [1, 0, 2] } });
  return graph.node('Reshape', `${node.name}/given`, [rows, graph.integers(`${node.name}/rows`, [0, -1])]);
}
