import { addBlock, type StepRows, toTanh } from './cell.ts';

/** Steps of an LSTM with peepholes, coupled gates or a projection. The plain one has loops of its own, in `lstm.ts`. */

/** Numbers kept per row and step for the gradient: i, f, g, o, tanh(c). */
export const optionsKept = 5;

/** Where each gate's block of H columns lies in the stacked gates, and each peephole in theirs. */
export interface GateBlocks {
  /** Gates: 3 when coupled, else 4. */
  readonly count: number;
  /** -1 when coupled: i is 1 - f. */
  readonly i: number;
  readonly f: number;
  readonly g: number;
  readonly o: number;
  /** Peepholes `[N·H]` in the order i, f, o (f, o when coupled), or `null`. */
  readonly peepholes: Float32Array | null;
}

export function gateBlocks(coupled: boolean, peepholes: Float32Array | null): GateBlocks {
  return coupled ? { count: 3, i: -1, f: 0, g: 1, o: 2, peepholes } : { count: 4, i: 0, f: 1, g: 2, o: 3, peepholes };
}

/** Block of a gate's peephole: those of i and f lie where the gates do, that of o is the last. */
const peepholeAt = ({ count, o }: GateBlocks, gate: number, width: number): number => (gate === o ? count - 2 : gate) * width;

/** What the first σ is applied to, `open`: (i,) f, 2g `[B, (G - 1)·H]`; and the sum of o, into the second half of `close [B, 2H]`. */
export function optionsGates(
  open: Float32Array,
  close: Float32Array,
  input: Float32Array,
  inputAt: number,
  hidden: Float32Array,
  bias: Float32Array,
  cells: Float32Array,
  before: number,
  blocks: GateBlocks,
  { rows, width }: StepRows,
): void {
  const { count, g, o, peepholes } = blocks;
  const opened = (count - 1) * width;
  for (let gate = 0; gate < count; gate++) {
    const source = { row: count * width, column: gate * width };
    const last = gate === o;
    const target = last ? { row: 2 * width, column: width } : { row: opened, column: gate * width };
    addBlock(last ? close : open, target, input, inputAt, hidden, source, source, bias, gate === g ? 2 : 1, rows, width);
    if (peepholes === null || last || gate === g) continue;
    const p = peepholeAt(blocks, gate, width);
    for (let b = 0; b < rows; b++) {
      for (let j = 0; j < width; j++) {
        const at = b * opened + gate * width + j;
        open[at] = (open[at] as number) + (peepholes[p + j] as number) * (cells[before + b * width + j] as number);
      }
    }
  }
}

/** c = f * c + i * g; 2c and the peephole of o for the second σ. */
export function optionsCell(
  gates: Float32Array,
  close: Float32Array,
  kept: Float32Array,
  keptAt: number,
  cells: Float32Array,
  before: number,
  after: number,
  blocks: GateBlocks,
  { rows, width, t, lengths }: StepRows,
): void {
  const { count, peepholes } = blocks;
  const p = peepholeAt(blocks, blocks.o, width);
  for (let b = 0; b < rows; b++) {
    const ended = t >= (lengths[b] as number);
    const z = b * (count - 1) * width;
    const k = keptAt + b * optionsKept * width;
    const at = b * width;
    const last = b * 2 * width;
    for (let j = 0; j < width; j++) {
      const f = gates[z + blocks.f * width + j] as number;
      const i = blocks.i < 0 ? 1 - f : (gates[z + blocks.i * width + j] as number);
      const g = toTanh(gates[z + blocks.g * width + j] as number);
      const previous = cells[before + at + j] as number;
      const c = ended ? previous : f * previous + i * g;
      kept[k + j] = i;
      kept[k + width + j] = f;
      kept[k + 2 * width + j] = g;
      cells[after + at + j] = c;
      close[last + j] = 2 * c;
      if (peepholes !== null) {
        close[last + width + j] = (close[last + width + j] as number) + (peepholes[p + j] as number) * c;
      }
    }
  }
}

/** o * tanh(c) `[B, H]`, from σ of 2c and of o's sum. */
export function optionsOut(
  half: Float32Array,
  kept: Float32Array,
  keptAt: number,
  out: Float32Array,
  { rows, width }: StepRows,
): void {
  for (let b = 0; b < rows; b++) {
    const k = keptAt + b * optionsKept * width;
    for (let j = 0; j < width; j++) {
      const tanhC = toTanh(half[b * 2 * width + j] as number);
      const o = half[b * 2 * width + width + j] as number;
      kept[k + 3 * width + j] = o;
      kept[k + 4 * width + j] = tanhC;
      out[b * width + j] = o * tanhC;
    }
  }
}

/** The state after a step: `value [B, W]` where the row is real, else what it was. */
export function keepState(
  value: Float32Array,
  states: Float32Array,
  before: number,
  after: number,
  { rows, width, t, lengths }: StepRows,
): void {
  for (let b = 0; b < rows; b++) {
    const ended = t >= (lengths[b] as number);
    for (let at = b * width; at < (b + 1) * width; at++) {
      states[after + at] = ended ? (states[before + at] as number) : (value[at] as number);
    }
  }
}

/** One step back: from the gradient of o * tanh(c) `[B, H]` and dc after the step to the gates' gradient `dz [B, G·H]` and dc before it. */
export function optionsBack(
  dOut: Float32Array,
  dc: Float32Array,
  kept: Float32Array,
  keptAt: number,
  cells: Float32Array,
  before: number,
  dz: Float32Array,
  blocks: GateBlocks,
  { rows, width, t, lengths }: StepRows,
): void {
  const { count, peepholes } = blocks;
  const peep = (gate: number, j: number): number =>
    peepholes === null ? 0 : (peepholes[peepholeAt(blocks, gate, width) + j] as number);
  for (let b = 0; b < rows; b++) {
    const z = b * count * width;
    const k = keptAt + b * optionsKept * width;
    const at = b * width;
    if (t >= (lengths[b] as number)) {
      dz.fill(0, z, z + count * width);
      continue;
    }
    for (let j = 0; j < width; j++) {
      const i = kept[k + j] as number;
      const f = kept[k + width + j] as number;
      const g = kept[k + 2 * width + j] as number;
      const o = kept[k + 3 * width + j] as number;
      const tanhC = kept[k + 4 * width + j] as number;
      const previous = cells[before + at + j] as number;
      const d = dOut[at + j] as number;
      const dO = d * tanhC * o * (1 - o);
      const dCell = (dc[at + j] as number) + d * o * (1 - tanhC * tanhC) + dO * peep(blocks.o, j);
      const dF = dCell * (blocks.i < 0 ? previous - g : previous) * f * (1 - f);
      let dBefore = dCell * f + dF * peep(blocks.f, j);
      if (blocks.i >= 0) {
        const dI = dCell * g * i * (1 - i);
        dz[z + blocks.i * width + j] = dI;
        dBefore += dI * peep(blocks.i, j);
      }
      dz[z + blocks.f * width + j] = dF;
      dz[z + blocks.g * width + j] = dCell * i * (1 - g * g);
      dz[z + blocks.o * width + j] = dO;
      dc[at + j] = dBefore;
    }
  }
}

/** Sum over steps and rows of each gate's gradient times the cell state that it saw, `[N·H]`; all over `count` = T·B rows. */
export function peepholeSums(
  dz: Float32Array,
  before: Float32Array,
  after: Float32Array,
  blocks: GateBlocks,
  count: number,
  width: number,
): Float32Array {
  const sums = new Float64Array((blocks.count - 1) * width);
  const seen = [blocks.i, blocks.f, blocks.o].filter((gate) => gate >= 0);
  for (let row = 0; row < count; row++) {
    for (const gate of seen) {
      const c = gate === blocks.o ? after : before;
      const z = (row * blocks.count + gate) * width;
      const p = peepholeAt(blocks, gate, width);
      for (let j = 0; j < width; j++) {
        sums[p + j] = (sums[p + j] as number) + (dz[z + j] as number) * (c[row * width + j] as number);
      }
    }
  }
  return Float32Array.from(sums);
}
