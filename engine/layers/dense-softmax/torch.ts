import { type TorchLayer, wired } from '../torch.ts';
import { linearModule } from '../torch-linear.ts';

/** `log_softmax(nn.Linear(x))`, as in the lectures' RNNTagger: log-probabilities. */
export const denseSoftmaxTorch: TorchLayer<unknown> = {
  modules: (node) => [linearModule(node)],
  forward: (node, scope) => ({
    lines: [],
    outputs: { result: `log_softmax(self.${node.name}(${wired(scope, 'input')}), dim=-1)` },
    functions: ['log_softmax'],
  }),
};
