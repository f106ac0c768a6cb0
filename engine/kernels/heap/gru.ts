import { addBlock, type StepRows, toTanh } from './cell.ts';

/** Numbers kept per row and step for the gradient: r, z (or u), n, and the state's share of n before r. */
export const gruKept = 4;

/** What σ is applied to first: r and z `[B, 2H]`. `hiddenWidth` columns per row of `hidden`. */
export function gruGates(
  pre: Float32Array,
  input: Float32Array,
  inputAt: number,
  hidden: Float32Array,
  hiddenWidth: number,
  bias: Float32Array,
  { rows, width }: StepRows,
): void {
  for (let gate = 0; gate < 2; gate++) {
    const column = gate * width;
    const place = (row: number) => ({ row, column });
    addBlock(pre, place(2 * width), input, inputAt, hidden, place(3 * width), place(hiddenWidth), bias, 1, rows, width);
  }
}

/** Reset-after: 2 (x_n + r * (h W_hn + b_hn)), what the second σ is applied to. */
export function gruCandidateAfter(
  twice: Float32Array,
  gates: Float32Array,
  input: Float32Array,
  inputAt: number,
  hidden: Float32Array,
  inputBias: Float32Array,
  hiddenBias: Float32Array,
  kept: Float32Array,
  keptAt: number,
  { rows, width }: StepRows,
): void {
  for (let b = 0; b < rows; b++) {
    const x = inputAt + b * 3 * width + 2 * width;
    const a = b * 3 * width + 2 * width;
    const k = keptAt + b * gruKept * width;
    for (let j = 0; j < width; j++) {
      const share = (hidden[a + j] as number) + (hiddenBias[2 * width + j] as number);
      const r = gates[b * 2 * width + j] as number;
      kept[k + 3 * width + j] = share;
      twice[b * width + j] = 2 * ((input[x + j] as number) + (inputBias[2 * width + j] as number) + r * share);
    }
  }
}

/** Relevance-before: r * h, the state that the candidate's product sees. */
export function gruRelevant(
  relevant: Float32Array,
  gates: Float32Array,
  states: Float32Array,
  before: number,
  { rows, width }: StepRows,
): void {
  for (let b = 0; b < rows; b++) {
    for (let j = 0; j < width; j++) {
      const at = b * width + j;
      relevant[at] = (gates[b * 2 * width + j] as number) * (states[before + at] as number);
    }
  }
}

/** Relevance-before: 2 (x_n + (r * h) W_hn), what the second σ is applied to. */
export function gruCandidateBefore(
  twice: Float32Array,
  input: Float32Array,
  inputAt: number,
  hidden: Float32Array,
  bias: Float32Array,
  { rows, width }: StepRows,
): void {
  const one = { row: width, column: 0 };
  addBlock(twice, one, input, inputAt, hidden, { row: 3 * width, column: 2 * width }, one, bias, 2, rows, width);
}

/** The new state: h + weight * (n - h), where the weight of the candidate is 1 - z, or u. */
export function gruHidden(
  half: Float32Array,
  gates: Float32Array,
  updateWeighsCandidate: boolean,
  states: Float32Array,
  before: number,
  after: number,
  kept: Float32Array,
  keptAt: number,
  { rows, width, t, lengths }: StepRows,
): void {
  for (let b = 0; b < rows; b++) {
    const ended = t >= (lengths[b] as number);
    const k = keptAt + b * gruKept * width;
    for (let j = 0; j < width; j++) {
      const at = b * width + j;
      const n = toTanh(half[at] as number);
      const z = gates[b * 2 * width + width + j] as number;
      const h = states[before + at] as number;
      kept[k + j] = gates[b * 2 * width + j] as number;
      kept[k + width + j] = z;
      kept[k + 2 * width + j] = n;
      states[after + at] = ended ? h : updateWeighsCandidate ? h + z * (n - h) : n + z * (h - n);
    }
  }
}

/**
 * One step back, reset-after: gradients of the gates through the input `dx [B, 3H]` and through the state `da [B, 3H]`;
 * `dh` becomes what reaches the previous state without the product.
 */
export function gruBackAfter(
  dh: Float32Array,
  kept: Float32Array,
  keptAt: number,
  states: Float32Array,
  before: number,
  dx: Float32Array,
  dxAt: number,
  da: Float32Array,
  { rows, width, t, lengths }: StepRows,
): void {
  for (let b = 0; b < rows; b++) {
    const x = dxAt + b * 3 * width;
    const a = b * 3 * width;
    const k = keptAt + b * gruKept * width;
    if (t >= (lengths[b] as number)) {
      dx.fill(0, x, x + 3 * width);
      da.fill(0, a, a + 3 * width);
      continue;
    }
    for (let j = 0; j < width; j++) {
      const at = b * width + j;
      const r = kept[k + j] as number;
      const z = kept[k + width + j] as number;
      const n = kept[k + 2 * width + j] as number;
      const d = dh[at] as number;
      const dn = d * (1 - z) * (1 - n * n);
      const dr = dn * (kept[k + 3 * width + j] as number) * r * (1 - r);
      const dz = d * ((states[before + at] as number) - n) * z * (1 - z);
      dx[x + j] = dr;
      dx[x + width + j] = dz;
      dx[x + 2 * width + j] = dn;
      da[a + j] = dr;
      da[a + width + j] = dz;
      da[a + 2 * width + j] = dn * r;
      dh[at] = d * z;
    }
  }
}

/** One step back, relevance-before, first half: the candidate's gradient `dn [B, H]`, zero at ended rows. */
export function gruBackCandidate(
  dh: Float32Array,
  kept: Float32Array,
  keptAt: number,
  dn: Float32Array,
  { rows, width, t, lengths }: StepRows,
): void {
  for (let b = 0; b < rows; b++) {
    const ended = t >= (lengths[b] as number);
    const k = keptAt + b * gruKept * width;
    for (let j = 0; j < width; j++) {
      const n = kept[k + 2 * width + j] as number;
      dn[b * width + j] = ended ? 0 : (dh[b * width + j] as number) * (kept[k + width + j] as number) * (1 - n * n);
    }
  }
}

/** Second half: from `dRelevant = dn W_hn` to the gates' gradient `dz [B, 2H]`; `dh` becomes what reaches the state without `dz W`. */
export function gruBackBefore(
  dh: Float32Array,
  dRelevant: Float32Array,
  kept: Float32Array,
  keptAt: number,
  states: Float32Array,
  before: number,
  dz: Float32Array,
  { rows, width, t, lengths }: StepRows,
): void {
  for (let b = 0; b < rows; b++) {
    const to = b * 2 * width;
    const k = keptAt + b * gruKept * width;
    if (t >= (lengths[b] as number)) {
      dz.fill(0, to, to + 2 * width);
      continue;
    }
    for (let j = 0; j < width; j++) {
      const at = b * width + j;
      const r = kept[k + j] as number;
      const u = kept[k + width + j] as number;
      const n = kept[k + 2 * width + j] as number;
      const h = states[before + at] as number;
      const d = dh[at] as number;
      const relevant = dRelevant[at] as number;
      dz[to + j] = relevant * h * r * (1 - r);
      dz[to + width + j] = d * (n - h) * u * (1 - u);
      dh[at] = d * (1 - u) + relevant * r;
    }
  }
}
