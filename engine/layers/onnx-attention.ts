import type { AttentionScore } from '../kernels/attention-score.ts';
import type { OnnxGraph, OnnxNode, OnnxTime } from './onnx.ts';
import { linearNodes } from './onnx-linear.ts';
import { transposed } from './onnx-matrix.ts';

/** Far below any score: a memory step that is padding gets the weight 0 exactly. */
const coveredScore = -1e9;

interface Memory {
  /** `[time, batch, M]` */
  readonly name: string;
  readonly time: OnnxTime;
}

/**
 * Attention of every step over a memory, as `attend` of the kernels.
 *
 * @param states h `[target steps, batch, H]`
 * @returns `output` `[target steps, batch, H]` by the node's name, and `alignment` `[batch, target steps, memory steps]`
 */
export function attentionNodes(
  node: OnnxNode<unknown>,
  graph: OnnxGraph,
  score: AttentionScore,
  states: string,
  memory: Memory,
): { readonly output: string; readonly alignment: string } {
  const at = (part: string): string => `${node.name}/attention/${part}`;
  const rowsFirst = { perm: { ints: [1, 0, 2] } };
  const queries = graph.node('Transpose', at('queries'), [states], rowsFirst);
  const steps = graph.node('Transpose', at('memory'), [memory.name], rowsFirst);
  const scores = scoreNodes(node, graph, score, queries, steps);
  const real = graph.realSteps(memory.time, memory.name);
  const rows = graph.node('Transpose', at('real_steps'), [real], { perm: { ints: [1, 2, 0] } });
  const covered = graph.weight(at('covered_score'), [], Float32Array.of(coveredScore));
  const seen = graph.node('Where', at('seen'), [rows, scores, covered]);
  const alignment = graph.node('Softmax', at('alignment'), [seen], { axis: { int: -1 } });
  const context = graph.node('MatMul', at('context'), [alignment, steps]);
  const both = graph.node('Concat', at('context_and_state'), [context, queries], { axis: { int: -1 } });
  const sum = linear(node, graph, both, at('join'), 'attention.join.');
  const joined = graph.node('Tanh', at('joined'), [sum]);
  return { output: graph.node('Transpose', node.name, [joined], rowsFirst), alignment };
}

/** Scores `[batch, U, T]` of states `[batch, U, H]` and memory `[batch, T, M]`. */
function scoreNodes(node: OnnxNode<unknown>, graph: OnnxGraph, score: AttentionScore, queries: string, steps: string): string {
  const at = (part: string): string => `${node.name}/attention/${part}`;
  const times = (value: string, name: string, parameter: string): string =>
    graph.node('MatMul', at(name), [value, matrix(node, graph, parameter)]);
  if (score === 'additive') {
    const keys = linear(node, graph, steps, at('keys'), 'attention.key.');
    const eachKey = graph.node('Unsqueeze', at('each_key'), [keys, graph.integers(at('query_axis'), [1])]);
    const asked = times(queries, 'asked', 'attention.query.weight');
    const eachQuery = graph.node('Unsqueeze', at('each_query'), [asked, graph.integers(at('key_axis'), [2])]);
    const sum = graph.node('Add', at('query_and_key'), [eachQuery, eachKey]);
    const scores = times(graph.node('Tanh', at('tanh'), [sum]), 'score', 'attention.score.weight');
    return graph.node('Squeeze', at('scores'), [scores, graph.integers(at('last_axis'), [3])]);
  }
  const keys = score === 'general' ? times(steps, 'keys', 'attention.key.weight') : steps;
  const across = graph.node('Transpose', at('keys_across'), [keys], { perm: { ints: [0, 2, 1] } });
  return graph.node('MatMul', at('scores'), [queries, across]);
}

/** A weight `[out, in]` as `[in, out]`, for a product from the right. */
function matrix(node: OnnxNode<unknown>, graph: OnnxGraph, parameter: string): string {
  const { shape, data } = node.tensor(parameter);
  const [outputs = 0, inputs = 0] = shape;
  return graph.weight(`${node.name}.${parameter}_t`, [inputs, outputs], transposed(data, outputs, inputs));
}

/** `x Wᵀ + b` over the last axis of a value whose time does not matter here. */
const linear = (node: OnnxNode<unknown>, graph: OnnxGraph, value: string, name: string, prefix: string): string =>
  linearNodes(node, graph, { type: 'sequence', name: value, time: { symbol: '', lengths: '' } }, name, prefix).name;
