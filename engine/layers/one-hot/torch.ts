import { only } from '../ports.ts';
import { type TorchLayer, wired } from '../torch.ts';

/** `torch.nn.functional.one_hot`, as numbers of whatever precision the network has. */
export const oneHotTorch: TorchLayer<unknown> = {
  modules: () => [],
  forward: (node, scope) => ({
    lines: [
      `${scope.output} = one_hot(${wired(scope, 'tokens')}, ${only(node.inputTypes, 'tokens', 'tokens').vocabulary}).to(torch.get_default_dtype())`,
    ],
    outputs: { sequence: scope.output },
    functions: ['one_hot'],
  }),
};
