import type { TorchLayer } from '../torch.ts';

/** The argument `series` of `forward`. */
export const seriesInputTorch: TorchLayer<unknown> = {
  modules: () => [],
  forward: () => ({ lines: [], outputs: { sequence: 'series' }, functions: [] }),
};
