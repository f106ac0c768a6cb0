import { addBlock, type StepRows, toTanh } from './cell.ts';

export type Activation = 'tanh' | 'sigmoid' | 'relu' | 'identity';

/** z = input + hidden + bias, doubled for tanh. */
export function vanillaSum(
  pre: Float32Array,
  g: Activation,
  input: Float32Array,
  inputAt: number,
  hidden: Float32Array,
  bias: Float32Array,
  { rows, width }: StepRows,
): void {
  const block = { row: width, column: 0 };
  addBlock(pre, block, input, inputAt, hidden, block, block, bias, g === 'tanh' ? 2 : 1, rows, width);
}

/** h = g(z); `value` is σ(2z) for tanh, σ(z) for sigmoid, and z itself otherwise. */
export function vanillaHidden(
  value: Float32Array,
  g: Activation,
  states: Float32Array,
  before: number,
  after: number,
  { rows, width, t, lengths }: StepRows,
): void {
  for (let b = 0; b < rows; b++) {
    const ended = t >= (lengths[b] as number);
    for (let k = b * width; k < (b + 1) * width; k++) {
      const v = value[k] as number;
      const h = g === 'tanh' ? toTanh(v) : g === 'relu' ? Math.max(0, v) : v;
      states[after + k] = ended ? (states[before + k] as number) : h;
    }
  }
}

/** dz = dh * g'(z), with g' from h; `dh` keeps only what passes an ended row. */
export function vanillaBack(
  dh: Float32Array,
  g: Activation,
  states: Float32Array,
  after: number,
  dz: Float32Array,
  { rows, width, t, lengths }: StepRows,
): void {
  for (let b = 0; b < rows; b++) {
    if (t >= (lengths[b] as number)) {
      dz.fill(0, b * width, (b + 1) * width);
      continue;
    }
    for (let k = b * width; k < (b + 1) * width; k++) {
      const h = states[after + k] as number;
      const slope = g === 'tanh' ? 1 - h * h : g === 'sigmoid' ? h * (1 - h) : g === 'relu' ? (h > 0 ? 1 : 0) : 1;
      dz[k] = (dh[k] as number) * slope;
      dh[k] = 0;
    }
  }
}
