import type { CellDescription } from '../shapes/value-type.ts';

/** Name of a cell in the kernels of `native/src`, or `null` where they do not have it. */
export function kernelName(cell: CellDescription): string | null {
  switch (cell.kind) {
    case 'rnn-cell':
      return `rnn-${cell.activation}`;
    case 'gru-cell':
      return `gru-${cell.form}`;
    case 'lstm-cell':
      return cell.projection > 0 ? null : `lstm${cell.coupled ? '-coupled' : ''}${cell.peepholes ? '-peepholes' : ''}`;
  }
}
