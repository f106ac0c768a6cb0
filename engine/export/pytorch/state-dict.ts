import type { Plan } from '../../compile/plan.ts';
import type { NamedTensor } from '../../files/safetensors.ts';
import { parameterName } from '../../layers/plan-module.ts';
import { torchLayer } from '../../layers/torch-modules.ts';
import { torchNode } from './torch-plan.ts';

/**
 * Parameters by the app's names → the state dict that the exported module loads. Gradients map the same way, because every change is
 * a new name or a change of sign (row L7: the rows of u become PyTorch's z = 1 - u).
 *
 * @throws Error when a parameter of the plan is missing.
 */
export function stateDict(plan: Plan, parameters: ReadonlyMap<string, NamedTensor>): Map<string, NamedTensor> {
  const state = new Map<string, NamedTensor>();
  for (const module of plan.modules) {
    const layer = torchLayer(module.kind);
    const node = torchNode(module);
    for (const spec of module.parameters) {
      const name = parameterName(module, spec);
      const tensor = parameters.get(name);
      if (tensor === undefined) throw new Error(`parameter ${name}: missing`);
      const weight = layer.weight?.(node, spec.name) ?? { name };
      state.set(weight.name, weight.signs === undefined ? tensor : withSigns(tensor, weight.signs));
    }
  }
  return state;
}

function withSigns(tensor: NamedTensor, signs: readonly (1 | -1)[]): NamedTensor {
  const block = tensor.data.length / signs.length;
  return { ...tensor, data: Float32Array.from(tensor.data, (value, i) => value * (signs[Math.floor(i / block)] ?? 1)) };
}
