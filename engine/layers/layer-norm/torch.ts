import type { z } from 'zod';
import { known, only } from '../ports.ts';
import { type TorchLayer, wired } from '../torch.ts';
import type { layerNorm } from './definition.ts';

/** `nn.LayerNorm(F, eps)`. */
export const layerNormTorch: TorchLayer<z.output<typeof layerNorm.config>> = {
  modules: (node) => {
    const features = known(only(node.inputTypes, 'input', 'sequence', 'vector').features, `input width of ${node.name}`);
    return [
      {
        attribute: node.name,
        className: 'nn.LayerNorm',
        arguments: { normalized_shape: features, eps: node.config.epsilon },
        positional: 1,
      },
    ];
  },
  forward: (node, scope) => ({
    lines: [`${scope.output} = self.${node.name}(${wired(scope, 'input')})`],
    outputs: { output: scope.output },
    functions: [],
  }),
};
