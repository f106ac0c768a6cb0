import * as tf from '@tensorflow/tfjs-core';
import { linear } from '../../kernels/linear.tf.ts';
import { type Builder, valueAt } from '../builder.tf.ts';
import { stateParts } from '../cell-parameters.ts';
import { only } from '../ports.ts';

/** g(s Wᵀ + b) for each part of the wanted state, s being all parts of the given one side by side, layer by layer. */
export const buildBridge: Builder<'bridge'> = ({ config, inputs, module, parameter }) => {
  const from = valueAt(inputs, 'from', 'state', 'vector');
  const given = from.type === 'vector' ? from.tensor : (tf.concat(from.layers.flat(), 1) as tf.Tensor2D);
  const parts = stateParts(only(module.inputTypes, 'cell', 'cell').cell).map((part) => {
    const z = linear(given, parameter(`${part}.weight`) as tf.Tensor2D, parameter(`${part}.bias`) as tf.Tensor1D);
    return (config.activation === 'tanh' ? tf.tanh(z) : z) as tf.Tensor2D;
  });
  return { state: { type: 'state', layers: [parts] } };
};
