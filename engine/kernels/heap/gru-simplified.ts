import { addBlock, type StepRows, toTanh } from './cell.ts';

/** Numbers kept per row and step for the gradient: u, n. */
export const simplifiedKept = 2;

/** What σ is applied to: u, 2n `[B, 2H]`. */
export function simplifiedGates(
  pre: Float32Array,
  input: Float32Array,
  inputAt: number,
  hidden: Float32Array,
  bias: Float32Array,
  { rows, width }: StepRows,
): void {
  for (let gate = 0; gate < 2; gate++) {
    const block = { row: 2 * width, column: gate * width };
    addBlock(pre, block, input, inputAt, hidden, block, block, bias, gate === 1 ? 2 : 1, rows, width);
  }
}

/** h = h + u * (n - h). */
export function simplifiedHidden(
  gates: Float32Array,
  states: Float32Array,
  before: number,
  after: number,
  kept: Float32Array,
  keptAt: number,
  { rows, width, t, lengths }: StepRows,
): void {
  for (let b = 0; b < rows; b++) {
    const ended = t >= (lengths[b] as number);
    const z = b * 2 * width;
    const k = keptAt + z;
    for (let j = 0; j < width; j++) {
      const at = b * width + j;
      const u = gates[z + j] as number;
      const n = toTanh(gates[z + width + j] as number);
      const h = states[before + at] as number;
      kept[k + j] = u;
      kept[k + width + j] = n;
      states[after + at] = ended ? h : h + u * (n - h);
    }
  }
}

/** One step back: the gates' gradient `dz [B, 2H]`; `dh` becomes what reaches the previous state without the product. */
export function simplifiedBack(
  dh: Float32Array,
  kept: Float32Array,
  keptAt: number,
  states: Float32Array,
  before: number,
  dz: Float32Array,
  { rows, width, t, lengths }: StepRows,
): void {
  for (let b = 0; b < rows; b++) {
    const z = b * 2 * width;
    const k = keptAt + z;
    if (t >= (lengths[b] as number)) {
      dz.fill(0, z, z + 2 * width);
      continue;
    }
    for (let j = 0; j < width; j++) {
      const at = b * width + j;
      const u = kept[k + j] as number;
      const n = kept[k + width + j] as number;
      const d = dh[at] as number;
      dz[z + j] = d * (n - (states[before + at] as number)) * u * (1 - u);
      dz[z + width + j] = d * u * (1 - n * n);
      dh[at] = d * (1 - u);
    }
  }
}
