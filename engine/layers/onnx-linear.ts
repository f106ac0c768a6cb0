import { type OnnxGraph, type OnnxNode, type OnnxValue, renamed } from './onnx.ts';
import { transposed } from './onnx-matrix.ts';

/**
 * `x Wᵀ + b` with the node's parameters `<prefix>weight [out, in]` and `<prefix>bias [out]`: one Gemm on a vector; MatMul and Add on a
 * sequence, where the weight is stored as `[in, out]` under `weight_t`.
 *
 * @param name of the last node and its value
 */
export function linearNodes(
  node: OnnxNode<unknown>,
  graph: OnnxGraph,
  input: Extract<OnnxValue, { type: 'sequence' | 'vector' }>,
  name: string,
  prefix = '',
): Extract<OnnxValue, { type: 'sequence' | 'vector' }> {
  const [weight, bias] = [node.tensor(`${prefix}weight`), node.tensor(`${prefix}bias`)];
  const [outputs = 0, inputs = 0] = weight.shape;
  const label = `${node.name}.${prefix}`;
  const addend = graph.weight(`${label}bias`, [outputs], Float32Array.from(bias.data));
  if (input.type === 'vector') {
    const matrix = graph.weight(`${label}weight`, [outputs, inputs], Float32Array.from(weight.data));
    return renamed(input, graph.node('Gemm', name, [input.name, matrix, addend], { transB: { int: 1 } }));
  }
  const matrix = graph.weight(`${label}weight_t`, [inputs, outputs], transposed(weight.data, outputs, inputs));
  return renamed(input, graph.node('Add', name, [graph.node('MatMul', `${name}/product`, [input.name, matrix]), addend]));
}
