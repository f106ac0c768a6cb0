import type { TorchCell } from '../cells/export/torch-cell.ts';
import type { TorchFunction, TorchModule, TorchNode } from './torch.ts';
import type { OutputMode } from './wrapper-output.ts';

/** The cell that a wrapper runs. */
export function cellOf(node: TorchNode<unknown>): TorchCell {
  if (node.cell === null) throw new Error(`${node.name}: expected a cell`);
  return node.cell;
}

interface ModuleSettings {
  /** I */
  readonly input: number;
  /** More than one, or dropout between them, only for stock cells. */
  readonly layers: number;
  readonly dropout: number;
  /** 2 only for stock cells, which run both by themselves. */
  readonly directions: 1 | 2;
  /** Starts from another layer's state. */
  readonly given: boolean;
}

/** A recurrent module. */
export function recurrentModule(node: TorchNode<unknown>, attribute: string, settings: ModuleSettings): TorchModule {
  const cell = cellOf(node);
  const { input, layers, dropout, directions, given } = settings;
  return {
    attribute,
    className: cell.className,
    arguments: {
      input_size: input,
      hidden_size: cell.hidden,
      ...(layers > 1 ? { num_layers: layers } : {}),
      ...cell.options,
      ...(cell.stock ? { batch_first: true } : {}),
      ...(layers > 1 && dropout > 0 ? { dropout } : {}),
      ...(directions === 2 ? { bidirectional: true } : {}),
    },
    positional: 2,
    ...(cell.source === undefined ? {} : { source: cell.source }),
    state: { parts: cell.parts, widths: cell.widths, layers: layers * directions, given },
  };
}

/** Name of a weight `weight_ih` in the module that has it as its only layer. */
export const weightName = (cell: TorchCell, parameter: string, reverse: string): string =>
  cell.weightName?.(parameter) ?? `${parameter}_l0${cell.stock ? reverse : ''}`;

/** The call that runs a recurrent module over the real steps: `unroll(self.lstm, x, lengths, hidden)`. */
export function runCall(cell: TorchCell, attribute: string, input: string, lengths: string, start: string): string {
  return cell.stock
    ? `unroll(self.${attribute}, ${input}, ${lengths}, ${start})`
    : `self.${attribute}(${input}, ${lengths}, ${start})`;
}

/** Functions behind `runCall`. */
export const runFunctions = (cell: TorchCell): readonly TorchFunction[] => (cell.stock ? ['unroll'] : ['real_steps']);

/** `[layers * directions, B, H]`: the h of a state. */
export const hiddenOf = (cell: TorchCell, state: string): string => (cell.widths.length === 1 ? state : `${state}[0]`);

/** Mean or maximum over the real steps, as lines after the one that made `[B, T, F]`. */
export function poolLines(
  mode: OutputMode,
  variable: string,
  lengths: string,
): { readonly lines: readonly string[]; readonly functions: readonly TorchFunction[] } {
  switch (mode) {
    case 'mean':
      return { lines: [`${variable} = mean_over_steps(${variable}, ${lengths})`], functions: ['mean_over_steps', 'real_steps'] };
    case 'max':
      return { lines: [`${variable} = max_over_steps(${variable}, ${lengths})`], functions: ['max_over_steps', 'real_steps'] };
    case 'every-step':
    case 'last':
      return { lines: [], functions: [] };
  }
}
