import type { NamedTensor } from '../../files/safetensors.ts';
import { importError } from '../import-error.ts';

/** A stock module of `torch.nn`, recognised by the names and shapes of its tensors. */
export type StockModule =
  | { readonly kind: 'embedding'; readonly name: string; readonly rows: number; readonly out: number }
  | {
      readonly kind: 'recurrent';
      readonly name: string;
      /** Rows of the stacked gates per hidden unit: 1 is nn.RNN, 3 nn.GRU, 4 nn.LSTM. */
      readonly gates: 1 | 3 | 4;
      readonly in: number;
      readonly out: number;
      readonly hidden: number;
      /** Width of h where the LSTM projects it, 0 otherwise. */
      readonly projection: number;
      readonly layers: number;
      readonly directions: 1 | 2;
      readonly biases: boolean;
    }
  | {
      readonly kind: 'linear';
      readonly name: string;
      readonly in: number;
      readonly out: number;
      readonly bias: boolean;
      /** Module whose weight this one shares; a file may leave the second name of a shared tensor out. */
      readonly tied?: string;
    }
  | { readonly kind: 'norm'; readonly name: string; readonly in: number; readonly out: number };

type Parts = ReadonlyMap<string, NamedTensor>;

const partPattern = /^(?:(.+)\.)?([^.]+)$/;
const recurrentPart = /^(?:weight_(?:ih|hh|hr)|bias_(?:ih|hh))_l(\d{1,2})(?:_reverse)?$/;

/**
 * The modules of a state dict, in the order of their names.
 *
 * @throws UserError `import-unknown-module` that names the tensor, for anything but Embedding, RNN, GRU, LSTM, Linear and LayerNorm;
 *   `import-batch-norm` for a BatchNorm
 */
export function stockModules(tensors: ReadonlyMap<string, NamedTensor>): readonly StockModule[] {
  const groups = new Map<string, Map<string, NamedTensor>>();
  for (const [name, tensor] of tensors) {
    const [, prefix = '', part = name] = partPattern.exec(name) ?? [];
    const group = groups.get(prefix) ?? new Map<string, NamedTensor>();
    groups.set(prefix, group.set(part, tensor));
  }
  return [...groups]
    .map(([prefix, parts]) => tiedHead(prefix, parts, groups) ?? recognised(prefix, parts))
    .sort((a, b) => byName(a.name, b.name));
}

/**
 * A bias alone is of an `nn.Linear` whose weight is that of the embedding, as `save_model` of safetensors leaves it out. `null` for
 * anything else.
 */
function tiedHead(name: string, parts: Parts, groups: ReadonlyMap<string, Parts>): StockModule | null {
  const bias = parts.get('bias')?.shape;
  if (parts.size !== 1 || bias?.length !== 1) return null;
  const [out = 0] = bias;
  const tables = [...groups].filter(([, other]) => {
    const weight = other.get('weight')?.shape;
    return other.size === 1 && weight?.length === 2 && weight[0] === out;
  });
  const [table, second] = tables;
  if (table === undefined) return null;
  if (second !== undefined) {
    throw unknown(name, 'bias', `its weight is not in the file, and may be that of ${table[0]} or that of ${second[0]}`);
  }
  const [tied, shared] = table;
  return { kind: 'linear', name, in: shared.get('weight')?.shape[1] ?? 0, out, bias: true, tied };
}

/** `fc2` before `fc10`. */
export const byName = (a: string, b: string): number => a.localeCompare(b, 'en', { numeric: true });

function recognised(name: string, parts: Parts): StockModule {
  if (parts.has('running_mean') || parts.has('running_var')) throw batchNorm(name);
  for (const [part, { dtype }] of parts) if (dtype !== 'F32') throw unknown(name, part, 'its numbers are not floating-point');
  if ([...parts.keys()].every((part) => recurrentPart.test(part))) return recurrent(name, parts);
  const odd = [...parts.keys()].find((part) => part !== 'weight' && part !== 'bias');
  if (odd !== undefined) throw unknown(name, odd, 'it belongs to no module that is supported');
  const weight = parts.get('weight')?.shape;
  const bias = parts.get('bias')?.shape;
  if (weight === undefined) throw unknown(name, 'bias', 'there is no weight beside it');
  const [out = 0, width = 0] = weight;
  if (weight.length === 1 && bias?.join() === weight.join()) return { kind: 'norm', name, in: out, out };
  if (weight.length !== 2) throw unknown(name, 'weight', `expected a matrix, found [${weight}]`);
  if (bias === undefined) {
    // The table of an embedding and a Linear without a bias look alike: the name may say so, otherwise where it stands decides.
    return /emb|wte|lookup|token/i.test(name) || name === ''
      ? { kind: 'embedding', name, rows: out, out: width }
      : { kind: 'linear', name, in: width, out, bias: false };
  }
  if (bias.join() !== String(out)) throw unknown(name, 'bias', `expected [${out}] beside a weight [${weight}], found [${bias}]`);
  return { kind: 'linear', name, in: width, out, bias: true };
}

function recurrent(name: string, parts: Parts): StockModule {
  const layers = 1 + Math.max(...[...parts.keys()].map((part) => Number(recurrentPart.exec(part)?.[1] ?? 0)));
  const directions = parts.has('weight_ih_l0_reverse') ? 2 : 1;
  const shape = (part: string): readonly number[] => {
    const found = parts.get(part)?.shape;
    if (found === undefined) throw unknown(name, part, 'it is missing');
    return found;
  };
  const [rows = 0, input = 0] = shape('weight_ih_l0');
  const width = shape('weight_hh_l0')[1] ?? 0;
  const projected = parts.has('weight_hr_l0');
  const hidden = projected ? (shape('weight_hr_l0')[1] ?? 0) : width;
  const gates = rows / hidden;
  if (gates !== 1 && gates !== 3 && gates !== 4) {
    throw unknown(name, 'weight_ih_l0', `${rows} rows for ${hidden} hidden units are none of RNN (1 each), GRU (3) and LSTM (4)`);
  }
  if (projected && gates !== 4) throw unknown(name, 'weight_hr_l0', 'only an LSTM has a projection');
  const biases = parts.has('bias_ih_l0');
  for (let layer = 0; layer < layers; layer++) {
    for (const suffix of directions === 2 ? [`_l${layer}`, `_l${layer}_reverse`] : [`_l${layer}`]) {
      const expected: Record<string, readonly number[]> = {
        weight_ih: [rows, layer === 0 ? input : directions * width],
        weight_hh: [rows, width],
        ...(biases ? { bias_ih: [rows], bias_hh: [rows] } : {}),
        ...(projected ? { weight_hr: [width, hidden] } : {}),
      };
      for (const [part, wanted] of Object.entries(expected)) {
        const found = shape(`${part}${suffix}`);
        if (found.join() !== wanted.join()) throw unknown(name, `${part}${suffix}`, `expected [${wanted}], found [${found}]`);
      }
    }
  }
  const expectedParts = layers * directions * (2 + (biases ? 2 : 0) + (projected ? 1 : 0));
  if (parts.size !== expectedParts) throw unknown(name, 'weight_ih_l0', 'its layers or directions do not have the same tensors');
  return {
    kind: 'recurrent',
    name,
    gates,
    in: input,
    out: directions * width,
    hidden,
    projection: projected ? width : 0,
    layers,
    directions,
    biases,
  };
}

function batchNorm(name: string) {
  return importError(
    'batch-norm',
    `${name || 'The model'} is a BatchNorm, which Unroll does not have: it would mix the examples of a batch, padding included.`,
    'Train the model with nn.LayerNorm in its place, or fold its scale and shift into the nn.Linear before it.',
  );
}

function unknown(module: string, part: string, why: string) {
  const tensor = module === '' ? part : `${module}.${part}`;
  return importError(
    'unknown-module',
    `${tensor}: ${why}.`,
    'A state dict of stock modules can be imported: nn.Embedding, nn.RNN, nn.GRU, nn.LSTM, nn.Linear and nn.LayerNorm, one after the other.',
  );
}
