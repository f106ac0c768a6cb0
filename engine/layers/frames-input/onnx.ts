import type { OnnxLayer } from '../onnx.ts';
import { picturesOnnx } from '../onnx-pictures.ts';

/** Every step of the graph's input `series [batch, time, h·w·c]` as a picture, steps and rows folded together. */
export const framesInputOnnx: OnnxLayer<unknown> = {
  write: (node, graph) => {
    const numbers = graph.node('Transpose', `${node.name}/time_first`, ['series'], { perm: { ints: [1, 0, 2] } });
    const time = { symbol: 'T', lengths: 'lengths' };
    return { frames: { type: 'pictures', name: picturesOnnx(node, graph, 'frames', numbers), time } };
  },
};
