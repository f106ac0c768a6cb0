import type { z } from 'zod';
import type { TorchLayer } from '../torch.ts';
import { type StackSettings, stackForward, stackModules, stackWeight } from '../torch-stack.ts';
import type { bidirectional } from './definition.ts';

type Config = z.output<typeof bidirectional.config>;

const settings = (config: Config): StackSettings => ({ ...config, backward: false });

/** `nn.RNN/GRU/LSTM(bidirectional=True)`; a cell that `torch.nn` lacks runs twice, the second time on reversed steps. */
export const bidirectionalTorch: TorchLayer<Config> = {
  modules: (node) => stackModules(node, settings(node.config)),
  forward: (node, scope) => stackForward(node, scope, settings(node.config)),
  weight: (node, parameter) => stackWeight(node, settings(node.config), parameter),
};
