import type { z } from 'zod';
import type { TorchLayer } from '../torch.ts';
import { type StackSettings, stackForward, stackModules, stackWeight } from '../torch-stack.ts';
import type { recurrent } from './definition.ts';

type Config = z.output<typeof recurrent.config>;

const settings = (config: Config): StackSettings => ({ ...config, merge: null, backward: config.direction === 'backward' });

/** One direction: the stock module, on reversed steps when it runs backwards (`torch.nn` has no backward-only module). */
export const recurrentTorch: TorchLayer<Config> = {
  modules: (node) => stackModules(node, settings(node.config)),
  forward: (node, scope) => stackForward(node, scope, settings(node.config)),
  weight: (node, parameter) => stackWeight(node, settings(node.config), parameter),
};
