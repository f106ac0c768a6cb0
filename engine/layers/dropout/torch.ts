import type { z } from 'zod';
import { type TorchLayer, wired } from '../torch.ts';
import type { dropout } from './definition.ts';

/** `nn.Dropout(p)`. */
export const dropoutTorch: TorchLayer<z.output<typeof dropout.config>> = {
  modules: (node) => [{ attribute: node.name, className: 'nn.Dropout', arguments: { p: node.config.rate }, positional: 0 }],
  forward: (node, scope) => ({
    lines: [`${scope.output} = self.${node.name}(${wired(scope, 'input')})`],
    outputs: { output: scope.output },
    functions: [],
  }),
};
