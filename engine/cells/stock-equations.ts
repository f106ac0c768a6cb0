import type { StockCell } from '../shapes/value-type.ts';
import { compileCell } from './cell-program.ts';
import { gruEquations } from './gru/equations.ts';
import { cellLatex } from './language/latex.ts';
import { lstmEquations } from './lstm/equations.ts';
import { rnnEquations } from './rnn/equations.ts';

/**
 * What a cell with kernels of its own computes, with its settings. W_g, U_g, b_xg and b_hg are the rows of gate g in PyTorch's
 * `weight_ih`, `weight_hh`, `bias_ih` and `bias_hh`, p_g its block of `weight_ch`, V is `weight_hr`.
 */
export function stockEquations(cell: StockCell): string {
  switch (cell.kind) {
    case 'rnn-cell':
      return rnnEquations(cell);
    case 'gru-cell':
      return gruEquations(cell);
    case 'lstm-cell':
      return lstmEquations(cell);
  }
}

/** Them in TeX. */
export function stockLatex(cell: StockCell): string | null {
  const compiled = compileCell(stockEquations(cell), cell.hidden);
  return compiled.ok ? cellLatex(compiled.program.tree) : null;
}
