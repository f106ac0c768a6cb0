import type { StockCell } from '../shapes/value-type.ts';

/** Name of a cell in the kernels of `native/src`. */
export function kernelName(cell: StockCell): string {
  switch (cell.kind) {
    case 'rnn-cell':
      return `rnn-${cell.activation}`;
    case 'gru-cell':
      return `gru-${cell.form}`;
    case 'lstm-cell':
      return `lstm${cell.coupled ? '-coupled' : ''}${cell.peepholes ? '-peepholes' : ''}${cell.projection > 0 ? '-projected' : ''}`;
  }
}
