import type { OnnxGraph } from './onnx.ts';

/**
 * The directions of an operator side by side: `[time, D, batch, H]` (axis 1) → `[time, batch, D·H]`, or `[D, batch, H]` (axis 0) →
 * `[batch, D·H]`. With one direction its axis goes.
 */
export function directionsBeside(
  graph: OnnxGraph,
  name: string,
  value: string,
  axis: 0 | 1,
  directions: 'both' | 'forward',
): string {
  if (directions === 'forward') return graph.node('Squeeze', name, [value, graph.integers(`${name}/direction_axis`, [axis])]);
  const perm = axis === 1 ? [0, 2, 1, 3] : [1, 0, 2];
  const beside = graph.node('Transpose', `${name}/side_by_side`, [value], { perm: { ints: perm } });
  const shape = graph.integers(`${name}/shape`, axis === 1 ? [0, 0, -1] : [0, -1]);
  return graph.node('Reshape', name, [beside, shape]);
}
