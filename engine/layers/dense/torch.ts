import type { z } from 'zod';
import { type TorchLayer, wired } from '../torch.ts';
import { linearModule } from '../torch-linear.ts';
import type { dense } from './definition.ts';

/** `nn.Linear` and an activation. */
export const denseTorch: TorchLayer<z.output<typeof dense.config>> = {
  modules: (node) => [linearModule(node)],
  forward: (node, scope) => {
    const call = `self.${node.name}(${wired(scope, 'input')})`;
    const { activation } = node.config;
    return {
      lines: [`${scope.output} = ${activation === 'identity' ? call : `torch.${activation}(${call})`}`],
      outputs: { output: scope.output },
      functions: [],
    };
  },
};
