import type { TorchLayer } from '../torch.ts';

/** `a + b`. */
export const addTorch: TorchLayer<unknown> = {
  modules: () => [],
  forward: (_node, scope) => ({
    lines: [`${scope.output} = ${(scope.inputs['inputs'] ?? []).join(' + ')}`],
    outputs: { output: scope.output },
    functions: [],
  }),
};
