import { storedWeights } from '../cells/parameters.ts';
import type { ChainLayer } from '../kernels/native/chain.ts';
import type { LoweringContext } from './lowering.ts';
import { only } from './ports.ts';
import { addsInputs, layerSuffix, type Stack } from './stack.ts';
import type { OutputMode } from './wrapper-output.ts';

/** The layers of a stack and what is made of the last one's steps; `null` where a layer adds its input, or kernels do not know the cell. */
export function lowerStack(
  { module, parameter }: Pick<LoweringContext<'recurrent' | 'bidirectional'>, 'module' | 'parameter'>,
  stack: Stack & { readonly output: OutputMode },
  directions: readonly boolean[],
): readonly ChainLayer[] | null {
  const { cell } = only(module.inputTypes, 'cell', 'cell');
  const { kernel } = cell;
  if (kernel === null || addsInputs(stack)) return null;
  const names = storedWeights(cell).map(({ name }) => name);
  const last = stack.output === 'last';
  const layers = Array.from({ length: stack.layers }, (_, layer): readonly ChainLayer[] => {
    const top = layer === stack.layers - 1;
    const weights = directions.map((_reverse, index) =>
      names.map((name) => parameter(`${name}${layerSuffix(layer, index === 1)}`)),
    );
    const reverse = directions.length === 1 && directions[0] === true;
    const recurrence = { kind: 'recurrence', cell: kernel.name, reverse, last: top && last, weights } as const;
    return top ? [recurrence] : [recurrence, { kind: 'dropout', rate: stack.dropout }];
  });
  const pool = stack.output === 'max' || stack.output === 'mean' ? [{ kind: 'pool', pool: stack.output } as const] : [];
  return [...layers.flat(), ...pool];
}
