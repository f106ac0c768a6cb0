import type { z } from 'zod';
import { only } from '../ports.ts';
import { type TorchLayer, wired } from '../torch.ts';
import type { flatten } from './definition.ts';

/** `[B, F]`, or `[B, T, F]` of frames. */
export const flattenTorch: TorchLayer<z.output<typeof flatten.config>> = {
  modules: () => [],
  forward: (node, scope) => {
    const pictures = wired(scope, 'pictures');
    const flat = node.config.mode === 'mean' ? `${pictures}.mean((2, 3))` : `${pictures}.flatten(1)`;
    const frames = only(node.inputTypes, 'pictures', 'pictures').time !== null;
    return {
      lines: [`${scope.output} = ${frames ? `${flat}.view(series.size(0), series.size(1), -1)` : flat}`],
      outputs: { output: scope.output },
      functions: [],
    };
  },
};
