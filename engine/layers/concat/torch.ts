import type { TorchLayer } from '../torch.ts';

/** `torch.cat` over features, in wire order. */
export const concatTorch: TorchLayer<unknown> = {
  modules: () => [],
  forward: (_node, scope) => ({
    lines: [`${scope.output} = torch.cat([${(scope.inputs['inputs'] ?? []).join(', ')}], dim=-1)`],
    outputs: { output: scope.output },
    functions: [],
  }),
};
