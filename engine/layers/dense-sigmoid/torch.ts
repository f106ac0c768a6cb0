import { type TorchLayer, wired } from '../torch.ts';
import { linearModule } from '../torch-linear.ts';

/** `torch.sigmoid(nn.Linear(x))` without the axis of width 1: the probability of the second class. */
export const denseSigmoidTorch: TorchLayer<unknown> = {
  modules: (node) => [linearModule(node)],
  forward: (node, scope) => ({
    lines: [],
    outputs: { result: `torch.sigmoid(self.${node.name}(${wired(scope, 'input')})).squeeze(-1)` },
    functions: [],
  }),
};
