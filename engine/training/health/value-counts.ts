import type { CellProgram } from '../../cells/cell-program.ts';
import type { Block, StepEvaluation } from '../../cells/step/evaluate.ts';
import type { NodeId, StepGraph } from '../../cells/step/graph.ts';
import type { RecurrenceHealth } from '../../protocol/health.ts';

/** Within this share of its range from an end a value is near it: a sigmoid's slope is then below a fifth of its largest. */
export const nearEnd = 0.05;
/** Units are called dead only after so many steps of all rows together. */
const fewPlaces = 64;
/** A unit that moves by less than this is the same. */
export const same = 1e-6;

const ranges: Readonly<Record<string, readonly [low: number, high: number]>> = { sigmoid: [0, 1], tanh: [-1, 1] };

/** Counts how often values that are squashed are near an end of their range. */
export class SquashedValues {
  readonly #values: readonly {
    readonly name: string;
    readonly id: NodeId;
    readonly ends: readonly [number, number];
    readonly carries: boolean;
  }[];
  readonly #low: number[];
  readonly #high: number[];
  readonly #all: number[];

  constructor({ step }: CellProgram) {
    const { graph } = step;
    this.#values = [...step.named].flatMap(([name, id]) => {
      const range = ranges[graph.node(id).op];
      if (range === undefined) return [];
      const margin = nearEnd * (range[1] - range[0]);
      return [{ name, id, ends: [range[0] + margin, range[1] - margin] as const, carries: scalesState(graph, id) }];
    });
    this.#low = this.#values.map(() => 0);
    this.#high = this.#values.map(() => 0);
    this.#all = this.#values.map(() => 0);
  }

  count(evaluation: StepEvaluation, ended: readonly boolean[]): void {
    this.#values.forEach(({ id, ends: [low, high] }, index) => {
      const { rows, width, data } = evaluation.value(id);
      for (let row = 0; row < rows; row++) {
        if (ended[row] === true) continue;
        for (let i = row * width; i < (row + 1) * width; i++) {
          const value = data[i] ?? 0;
          if (value < low) this.#low[index] = (this.#low[index] ?? 0) + 1;
          else if (value > high) this.#high[index] = (this.#high[index] ?? 0) + 1;
        }
        this.#all[index] = (this.#all[index] ?? 0) + width;
      }
    });
  }

  shares(): RecurrenceHealth['squashed'] {
    return this.#values.map(({ name, carries }, index) => {
      const all = this.#all[index] ?? 0;
      return { name, low: (this.#low[index] ?? 0) / all, high: (this.#high[index] ?? 0) / all, carries };
    });
  }
}

/** Whether a value, or 1 less it, multiplies a part of the state before the step, as f does in `f * c`. */
function scalesState(graph: StepGraph, id: NodeId): boolean {
  const all = Array.from({ length: graph.size }, (_, node) => graph.node(node));
  const complements = all.flatMap((node, at) => (node.op === 'subtract' && node.right === id ? [at] : []));
  const scales = [id, ...complements];
  return all.some(
    (node) =>
      node.op === 'multiply' &&
      ((scales.includes(node.left) && graph.node(node.right).op === 'state') ||
        (scales.includes(node.right) && graph.node(node.left).op === 'state')),
  );
}

/** Between which values each unit of the output moved. */
export class UnitSpans {
  readonly #low: Float64Array;
  readonly #high: Float64Array;
  #places = 0;

  constructor(units: number) {
    this.#low = new Float64Array(units).fill(Number.POSITIVE_INFINITY);
    this.#high = new Float64Array(units).fill(Number.NEGATIVE_INFINITY);
  }

  count({ width, data }: Block, ended: readonly boolean[]): void {
    ended.forEach((gone, row) => {
      if (gone) return;
      this.#places++;
      for (let unit = 0; unit < width; unit++) {
        const value = data[row * width + unit] ?? 0;
        this.#low[unit] = Math.min(this.#low[unit] ?? value, value);
        this.#high[unit] = Math.max(this.#high[unit] ?? value, value);
      }
    });
  }

  dead(): number | null {
    if (this.#places < fewPlaces) return null;
    return this.#low.reduce((count, low, unit) => count + ((this.#high[unit] ?? 0) - low < same ? 1 : 0), 0);
  }
}
