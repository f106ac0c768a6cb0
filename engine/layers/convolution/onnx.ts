import type { z } from 'zod';
import { arrived, type OnnxLayer } from '../onnx.ts';
import type { convolution } from './definition.ts';

const operators = { relu: 'Relu', tanh: 'Tanh' } as const;

/** Conv with zeros around the picture, the activation, and MaxPool over whole squares. */
export const convolutionOnnx: OnnxLayer<z.output<typeof convolution.config>> = {
  write(node, graph) {
    const { activation, pool } = node.config;
    const pictures = arrived(node, 'pictures', 'pictures');
    const kernel = Number(node.config.kernel);
    const edge = (kernel - 1) / 2;
    const put = (name: string): string => {
      const { shape, data } = node.tensor(name);
      return graph.weight(`${node.name}.${name}`, shape, Float32Array.from(data));
    };
    // The last operator bears the node's name.
    const at = (part: string, last: boolean): string => (last ? node.name : `${node.name}/${part}`);
    const pooled = pool > 1;
    let name = graph.node(
      'Conv',
      at('filters', activation === 'identity' && !pooled),
      [pictures.name, put('weight'), put('bias')],
      { kernel_shape: { ints: [kernel, kernel] }, pads: { ints: [edge, edge, edge, edge] } },
    );
    if (activation !== 'identity') name = graph.node(operators[activation], at(activation, !pooled), [name]);
    if (pooled) {
      const square = { ints: [pool, pool] };
      name = graph.node('MaxPool', node.name, [name], { kernel_shape: square, strides: square });
    }
    return { output: { ...pictures, name } };
  },
};
