import type { TorchLayer } from '../torch.ts';

/** The argument `tokens` of `forward`. */
export const tokenInputTorch: TorchLayer<unknown> = {
  modules: () => [],
  forward: () => ({ lines: [], outputs: { tokens: 'tokens' }, functions: [] }),
};
