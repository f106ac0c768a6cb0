import type { z } from 'zod';
import { pictureSize } from '../picture-size.ts';
import { only } from '../ports.ts';
import { type TorchLayer, wired } from '../torch.ts';
import type { convolution } from './definition.ts';

/** `nn.Conv2d` with zeros around the picture, the activation, and `max_pool2d`. */
export const convolutionTorch: TorchLayer<z.output<typeof convolution.config>> = {
  modules: (node) => [
    {
      attribute: node.name,
      className: 'nn.Conv2d',
      arguments: {
        in_channels: pictureSize(only(node.inputTypes, 'pictures', 'pictures')).channels,
        out_channels: node.config.filters,
        kernel_size: Number(node.config.kernel),
        padding: (Number(node.config.kernel) - 1) / 2,
      },
      positional: 2,
    },
  ],
  forward: (node, scope) => {
    const { activation, pool } = node.config;
    const features = `self.${node.name}(${wired(scope, 'pictures')})`;
    const active = activation === 'identity' ? features : `torch.${activation}(${features})`;
    return {
      lines: [`${scope.output} = ${active}`, ...(pool === 1 ? [] : [`${scope.output} = max_pool2d(${scope.output}, ${pool})`])],
      outputs: { output: scope.output },
      functions: pool === 1 ? [] : ['max_pool2d'],
    };
  },
};
