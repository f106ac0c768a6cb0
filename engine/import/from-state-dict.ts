import type { Plan } from '../compile/plan.ts';
import { torchNode } from '../export/pytorch/torch-plan.ts';
import type { NamedTensor } from '../files/safetensors.ts';
import { parameterName } from '../layers/plan-module.ts';
import { torchLayer } from '../layers/torch-modules.ts';
import { importError } from './import-error.ts';

/**
 * The state dict of an exported module → parameters by the app's names: the way back of `stateDict`, because a sign changed twice is the
 * sign again.
 *
 * @throws UserError `import-weights-differ` when a tensor is missing, too many, or of another shape
 */
export function fromStateDict(plan: Plan, state: ReadonlyMap<string, NamedTensor>): Map<string, NamedTensor> {
  const parameters = new Map<string, NamedTensor>();
  const used = new Set<string>();
  for (const module of plan.modules) {
    const layer = torchLayer(module.kind);
    const node = torchNode(module);
    for (const spec of module.parameters) {
      const name = parameterName(module, spec);
      const weight = layer.weight?.(node, spec.name) ?? { name };
      const tensor = checked(weight.name, spec.shape, state.get(weight.name));
      used.add(weight.name);
      parameters.set(name, weight.signs === undefined ? tensor : withSigns(tensor, weight.signs));
    }
  }
  const extra = [...state.keys()].filter((name) => !used.has(name));
  if (extra.length > 0) throw differ(`it has ${extra.length} tensors that the graph has no place for: ${shortened(extra)}`);
  return parameters;
}

function checked(name: string, shape: readonly number[], found: NamedTensor | undefined): NamedTensor {
  if (found === undefined) throw differ(`${name} is missing`);
  if (found.dtype !== 'F32' || found.shape.join() !== shape.join()) {
    throw differ(`${name}: expected F32 [${shape}], found ${found.dtype} [${found.shape}]`);
  }
  return found;
}

function withSigns(tensor: NamedTensor, signs: readonly (1 | -1)[]): NamedTensor {
  const block = tensor.data.length / signs.length;
  return { ...tensor, data: Float32Array.from(tensor.data, (value, i) => value * (signs[Math.floor(i / block)] ?? 1)) };
}

const shortened = (names: readonly string[]): string => names.slice(0, 5).join(', ') + (names.length > 5 ? ', …' : '');

const differ = (what: string) =>
  importError(
    'weights-differ',
    `The weights do not fit the graph: ${what}.`,
    'config.json and model.safetensors must be of one export: the layers in model.py may have been changed since.',
  );
