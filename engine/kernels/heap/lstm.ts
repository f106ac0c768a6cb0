import { addBlock, type StepRows, toTanh } from './cell.ts';

/** Numbers kept per row and step for the gradient: i, f, g, o, tanh(c). */
export const lstmKept = 5;

/** What σ is applied to: i, f, 2g, o `[B, 4H]`. */
export function lstmGates(
  pre: Float32Array,
  input: Float32Array,
  inputAt: number,
  hidden: Float32Array,
  bias: Float32Array,
  { rows, width }: StepRows,
): void {
  for (let gate = 0; gate < 4; gate++) {
    const block = { row: 4 * width, column: gate * width };
    addBlock(pre, block, input, inputAt, hidden, block, block, bias, gate === 2 ? 2 : 1, rows, width);
  }
}

/** c = f * c + i * g, and 2c for the second σ. */
export function lstmCell(
  gates: Float32Array,
  kept: Float32Array,
  keptAt: number,
  cells: Float32Array,
  before: number,
  after: number,
  twice: Float32Array,
  { rows, width, t, lengths }: StepRows,
): void {
  for (let b = 0; b < rows; b++) {
    const ended = t >= (lengths[b] as number);
    const z = b * 4 * width;
    const k = keptAt + b * lstmKept * width;
    const at = b * width;
    for (let j = 0; j < width; j++) {
      const i = gates[z + j] as number;
      const f = gates[z + width + j] as number;
      const g = toTanh(gates[z + 2 * width + j] as number);
      const previous = cells[before + at + j] as number;
      const c = ended ? previous : f * previous + i * g;
      kept[k + j] = i;
      kept[k + width + j] = f;
      kept[k + 2 * width + j] = g;
      kept[k + 3 * width + j] = gates[z + 3 * width + j] as number;
      cells[after + at + j] = c;
      twice[at + j] = 2 * c;
    }
  }
}

/** h = o * tanh(c); `half` is σ(2c). */
export function lstmHidden(
  half: Float32Array,
  kept: Float32Array,
  keptAt: number,
  states: Float32Array,
  before: number,
  after: number,
  { rows, width, t, lengths }: StepRows,
): void {
  for (let b = 0; b < rows; b++) {
    const ended = t >= (lengths[b] as number);
    const k = keptAt + b * lstmKept * width;
    const at = b * width;
    for (let j = 0; j < width; j++) {
      const tanhC = toTanh(half[at + j] as number);
      kept[k + 4 * width + j] = tanhC;
      states[after + at + j] = ended ? (states[before + at + j] as number) : (kept[k + 3 * width + j] as number) * tanhC;
    }
  }
}

/**
 * One step back: from dh, dc after the step to the gates' gradient `dz [B, 4H]` and dc before it. Returns in `dh` only what passes an
 * ended row; the part through the gates is the caller's product dz W.
 */
export function lstmBack(
  dh: Float32Array,
  dc: Float32Array,
  kept: Float32Array,
  keptAt: number,
  cells: Float32Array,
  before: number,
  dz: Float32Array,
  { rows, width, t, lengths }: StepRows,
): void {
  for (let b = 0; b < rows; b++) {
    const z = b * 4 * width;
    const k = keptAt + b * lstmKept * width;
    const at = b * width;
    if (t >= (lengths[b] as number)) {
      dz.fill(0, z, z + 4 * width);
      continue;
    }
    for (let j = 0; j < width; j++) {
      const i = kept[k + j] as number;
      const f = kept[k + width + j] as number;
      const g = kept[k + 2 * width + j] as number;
      const o = kept[k + 3 * width + j] as number;
      const tanhC = kept[k + 4 * width + j] as number;
      const dHidden = dh[at + j] as number;
      const dCell = (dc[at + j] as number) + dHidden * o * (1 - tanhC * tanhC);
      dz[z + j] = dCell * g * i * (1 - i);
      dz[z + width + j] = dCell * (cells[before + at + j] as number) * f * (1 - f);
      dz[z + 2 * width + j] = dCell * i * (1 - g * g);
      dz[z + 3 * width + j] = dHidden * tanhC * o * (1 - o);
      dc[at + j] = dCell * f;
      dh[at + j] = 0;
    }
  }
}
