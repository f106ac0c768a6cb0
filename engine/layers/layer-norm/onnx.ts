import type { z } from 'zod';
import { arrived, type OnnxLayer, renamed } from '../onnx.ts';
import type { layerNorm } from './definition.ts';

/** LayerNormalization over the last axis. */
export const layerNormOnnx: OnnxLayer<z.output<typeof layerNorm.config>> = {
  write: (node, graph) => {
    const input = arrived(node, 'input', 'sequence', 'vector');
    const put = (name: string): string => {
      const { shape, data } = node.tensor(name);
      return graph.weight(`${node.name}.${name}`, shape, Float32Array.from(data));
    };
    const attributes = { axis: { int: -1 }, epsilon: { float: node.config.epsilon } };
    const name = graph.node('LayerNormalization', node.name, [input.name, put('weight'), put('bias')], attributes);
    return { output: renamed(input, name) };
  },
};
