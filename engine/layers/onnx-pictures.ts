import type { OnnxGraph, OnnxNode } from './onnx.ts';
import { pictureSize } from './picture-size.ts';

/**
 * Pictures `[N, c, h, w]`, as ONNX's convolutions take them, out of numbers that stand row by row, pixel by pixel.
 *
 * @param port the node's output
 * @param numbers `[…, h·w·c]`
 * @returns the value, by the node's name
 */
export function picturesOnnx(node: OnnxNode<unknown>, graph: OnnxGraph, port: string, numbers: string): string {
  const { height, width, channels } = pictureSize(node.outputTypes[port]);
  const size = graph.integers(`${node.name}/size`, [-1, height, width, channels]);
  const pixels = graph.node('Reshape', `${node.name}/pixels`, [numbers, size]);
  return graph.node('Transpose', node.name, [pixels], { perm: { ints: [0, 3, 1, 2] } });
}
