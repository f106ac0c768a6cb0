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
    const output = node.outputTypes['output'];
    const width = output?.type === 'sequence' ? output.features : null;
    return {
      lines: [`${scope.output} = ${frames ? `${flat}.view(${scope.lengths('pictures')}.size(0), -1, ${width})` : flat}`],
      outputs: { output: scope.output },
      functions: [],
    };
  },
};
