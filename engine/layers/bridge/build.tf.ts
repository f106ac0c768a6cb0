import * as tf from '@tensorflow/tfjs-core';
import { linear } from '../../kernels/linear.tf.ts';
import { type Builder, valueAt } from '../builder.tf.ts';
import { only } from '../ports.ts';

/** g(s Wᵀ + b) for each part of the wanted state, s being all parts of the given one side by side; layer k takes the k-th block of it. */
export const buildBridge: Builder<'bridge'> = ({ config, inputs, module, parameter }) => {
  const from = valueAt(inputs, 'from', 'state', 'vector');
  const given = from.type === 'vector' ? from.tensor : (tf.concat(from.layers.flat(), 1) as tf.Tensor2D);
  const parts = only(module.inputTypes, 'cell', 'cell').cell.states.map(({ name: part }) => {
    const z = linear(given, parameter(`${part}.weight`) as tf.Tensor2D, parameter(`${part}.bias`) as tf.Tensor1D);
    const all = (config.activation === 'tanh' ? tf.tanh(z) : z) as tf.Tensor2D;
    return config.layers === 1 ? [all] : (tf.split(all, config.layers, 1) as tf.Tensor2D[]);
  });
  const layers = Array.from({ length: config.layers }, (_unused, layer) => parts.flatMap((blocks) => blocks[layer] ?? []));
  return { state: { type: 'state', layers } };
};
