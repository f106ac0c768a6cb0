import type { z } from 'zod';
import { arrived, type OnnxLayer } from '../onnx.ts';
import { pictureSize } from '../picture-size.ts';
import { only } from '../ports.ts';
import type { flatten } from './definition.ts';

/** `[N, c, h, w]` → `[batch, F]`, or `[time, batch, F]` of frames; F is c·h·w, or c of means. */
export const flattenOnnx: OnnxLayer<z.output<typeof flatten.config>> = {
  write(node, graph) {
    const { name: pictures, time } = arrived(node, 'pictures', 'pictures');
    const { height, width, channels } = pictureSize(only(node.inputTypes, 'pictures', 'pictures'));
    const mean = node.config.mode === 'mean';
    const each = time === null ? node.name : `${node.name}/each_picture`;
    const flat = mean
      ? graph.node('ReduceMean', each, [pictures], { axes: { ints: [2, 3] }, keepdims: { int: 0 } })
      : graph.node('Flatten', each, [pictures], { axis: { int: 1 } });
    if (time === null) return { output: { type: 'vector', name: flat } };
    const rows = graph.node('Shape', `${node.name}/rows`, [time.lengths]);
    const steps = graph.integers(`${node.name}/steps`, [-1]);
    const features = graph.integers(`${node.name}/features`, [mean ? channels : height * width * channels]);
    const shape = graph.node('Concat', `${node.name}/shape`, [steps, rows, features], { axis: { int: 0 } });
    return { output: { type: 'sequence', name: graph.node('Reshape', node.name, [flat, shape]), time } };
  },
};
