import type { StockCell } from '../shapes/value-type.ts';
import { gruCellOnnx } from './gru-cell/onnx.ts';
import { lstmCellOnnx } from './lstm-cell/onnx.ts';
import type { DescribeOnnxCell, OnnxCell } from './onnx.ts';
import { rnnCellOnnx } from './rnn-cell/onnx.ts';

/** The ONNX side of every cell kind, which its wrapper writes; a missing kind does not compile. */
const onnxCells: { readonly [K in StockCell['kind']]: DescribeOnnxCell<K> } = {
  'rnn-cell': rnnCellOnnx,
  'gru-cell': gruCellOnnx,
  'lstm-cell': lstmCellOnnx,
};

/** The ONNX side of a cell. */
export function describeOnnxCell(cell: StockCell): OnnxCell {
  switch (cell.kind) {
    case 'rnn-cell':
      return onnxCells['rnn-cell'](cell);
    case 'gru-cell':
      return onnxCells['gru-cell'](cell);
    case 'lstm-cell':
      return onnxCells['lstm-cell'](cell);
  }
}
