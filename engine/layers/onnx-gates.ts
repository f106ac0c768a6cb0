import type { OnnxCell, OnnxGate } from '../cells/export/onnx-cell.ts';
import { storedWeights } from '../cells/parameters.ts';
import { type AcceleratedCell, outputWidth } from '../shapes/value-type.ts';
import type { OnnxNode } from './onnx.ts';
import { joined, multiplied, transposed, widened } from './onnx-matrix.ts';

/** The logistic function of this is 1 in float32: it holds a gate open. */
const openBias = 100;

/** One direction of a cell in the form of ONNX's RNN, GRU and LSTM. */
export interface OnnxCellWeights {
  /** Width of the operator's state: the cell's, and what a projection's initial state needs beside it. */
  readonly hidden: number;
  /** `[G·H, I]` */
  readonly W: Float32Array;
  /** `[G·H, H]` */
  readonly R: Float32Array;
  /** `[2·G·H]` */
  readonly B: Float32Array;
  /** `[3·H]`, or `null` without peepholes. */
  readonly P: Float32Array | null;
  /** From the operator's state to h, `[H, P]`, or `null` without a projection. */
  readonly projection: Float32Array | null;
}

/**
 * The weights of one direction, gates in the operator's order.
 *
 * ONNX's LSTM has no projection. Because h = W_hr m with m = o * tanh(c), the operator runs on m with R = W_hh W_hr, and h is one
 * product after it. An initial h need not be the projection of any m: P units more carry it into the first step through W_hh itself
 * and are 0 from then on, because nothing ever reaches their cell state.
 *
 * @param suffix layer and direction, e.g. `_l0_reverse`
 * @param given whether an initial state is wired
 */
export function cellWeights(
  node: OnnxNode<unknown>,
  cell: AcceleratedCell,
  onnx: OnnxCell,
  suffix: string,
  given: boolean,
): OnnxCellWeights {
  const width = cell.hidden;
  const out = outputWidth(cell);
  const inputs = node.tensor(`weight_ih${suffix}`).shape[1] ?? 0;
  const projected = out !== width;
  const extra = projected && given ? out : 0;
  const hidden = width + extra;
  const names = cell.kernel.gates;
  const of = (parameter: string): ArrayLike<number> | null =>
    node.parameters.some((spec) => spec.name === `${parameter}${suffix}`) ? node.tensor(`${parameter}${suffix}`).data : null;

  /** Rows of one gate out of a stack of gates, `columns` numbers a row, followed by rows of zeros for the extra units. */
  const block = (all: ArrayLike<number> | null, gate: OnnxGate, columns: number, open = 0): Float32Array => {
    const rows = new Float32Array(hidden * columns);
    if (gate === 'open') return rows.fill(open, 0, width * columns);
    const start = names.indexOf(gate.from) * width * columns;
    for (let i = 0; i < width * columns; i++) rows[i] = gate.sign * (all?.[start + i] ?? 0);
    return rows;
  };
  const stacked = (all: ArrayLike<number> | null, columns: number, open = 0): Float32Array =>
    joined(onnx.gates.map((gate) => block(all, gate, columns, open)));

  const weightHh = of('weight_hh');
  const weightHr = of('weight_hr');
  const recurrent = (gate: OnnxGate): Float32Array => {
    const own = block(weightHh, gate, out);
    if (weightHr === null) return own;
    const combined = multiplied(own, weightHr, hidden, out, width);
    if (extra === 0) return combined;
    const wide = widened(combined, hidden, width, hidden);
    for (let row = 0; row < hidden; row++) wide.set(own.subarray(row * out, (row + 1) * out), row * hidden + width);
    return wide;
  };
  const seeing = storedWeights(cell).find(({ name }) => name === 'weight_ch')?.blocks ?? [];
  const weightCh = of('weight_ch');
  const peephole = ({ from, sign }: { from: string; sign: number }): Float32Array => {
    const start = seeing.indexOf(`p_${from}`) * width;
    return Float32Array.from({ length: hidden }, (_, i) => (i < width ? sign * (weightCh?.[start + i] ?? 0) : 0));
  };
  return {
    hidden,
    W: stacked(of('weight_ih'), inputs),
    R: joined(onnx.gates.map(recurrent)),
    B: joined([stacked(of('bias_ih'), 1, openBias), stacked(of('bias_hh'), 1)]),
    P: onnx.peepholes.length === 0 ? null : joined(onnx.peepholes.map(peephole)),
    projection: weightHr && joined([transposed(weightHr, out, width), new Float32Array(extra * out)]),
  };
}
