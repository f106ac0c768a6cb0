import { type TorchLayer, wired } from '../torch.ts';
import { linearModule } from '../torch-linear.ts';

/** `nn.Linear`: numbers in normalized units. */
export const linearRegressionTorch: TorchLayer<unknown> = {
  modules: (node) => [linearModule(node)],
  forward: (node, scope) => ({
    lines: [],
    outputs: { result: `self.${node.name}(${wired(scope, 'input')})` },
    functions: [],
  }),
};
