import type { RegisterProgram } from '../../cells/program/register-program.ts';

/** Which of the op's weights one direction of a register program is given, in the order of its tables; and whose gradients it makes. */
export interface ProgramPlaces {
  readonly matrices: readonly number[];
  /** Each is one weight, or the sum of two. */
  readonly vectors: readonly OneOrTwo[];
  /** Of its `outerNodes`. */
  readonly outers: readonly number[];
  /** Of its `sumNodes`: two weights have the same gradient where they are only added. */
  readonly sums: readonly OneOrTwo[];
}
export type OneOrTwo = readonly [number] | readonly [number, number];

/**
 * One layer of a network whose layers follow each other in a line, so that all of it runs as one op (`src/step/chain.h`, which has the
 * same words). Weights are numbers in the op's list of them.
 */
export type ChainLayer =
  | { readonly kind: 'lookup'; readonly table: number }
  | { readonly kind: 'series' }
  /** Only while training. */
  | { readonly kind: 'dropout'; readonly rate: number }
  | {
      readonly kind: 'recurrence';
      /** As the kernels know it. */
      readonly cell: string;
      /** Of a single direction. */
      readonly reverse: boolean;
      /** The last state, of both directions side by side; otherwise every step. */
      readonly last: boolean;
      /** Of each direction, in the order of the recurrence's op. */
      readonly weights: readonly (readonly number[])[];
    }
  | {
      /** A recurrence of a cell that has no kernel of its own. */
      readonly kind: 'program';
      readonly program: RegisterProgram;
      readonly reverse: boolean;
      readonly last: boolean;
      readonly directions: readonly ProgramPlaces[];
    }
  | { readonly kind: 'pool'; readonly pool: 'max' | 'mean' }
  | { readonly kind: 'linear'; readonly weight: number; readonly bias: number };

const words = { lookup: 1, series: 2, dropout: 3, recurrence: 4, pool: 5, linear: 6, program: 7 } as const satisfies Record<
  ChainLayer['kind'],
  number
>;

/** The op's program. */
export function encodeChain(layers: readonly ChainLayer[]): Int32Array {
  let key = 0;
  return Int32Array.from(
    layers.flatMap((layer) => {
      const said = layer.kind === 'dropout' ? dropoutWords(layer.rate, key++) : wordsOf(layer);
      return [words[layer.kind], said.length, ...said];
    }),
  );
}

function wordsOf(layer: Exclude<ChainLayer, { kind: 'dropout' }>): readonly number[] {
  switch (layer.kind) {
    case 'lookup':
      return [layer.table];
    case 'series':
      return [];
    case 'recurrence': {
      const letters = Array.from(layer.cell, (letter) => letter.charCodeAt(0));
      return [layer.weights.length, +layer.reverse, +layer.last, letters.length, ...letters, ...layer.weights.flat()];
    }
    case 'program': {
      const { program, directions, reverse, last } = layer;
      const places = directions.flatMap(({ matrices, vectors, outers, sums }) => [
        ...matrices,
        ...vectors.flatMap(pair),
        ...outers,
        ...sums.flatMap(pair),
      ]);
      return [directions.length, +reverse, +last, program.words.length, ...program.words, ...places];
    }
    case 'pool':
      return [layer.pool === 'max' ? 0 : 1];
    case 'linear':
      return [layer.weight, layer.bias];
  }
}

const pair = ([first, second = -1]: OneOrTwo): readonly [number, number] => [first, second];

/** Whether a layer gives one value a row out of a sequence. */
export const endsSequence = (layer: ChainLayer): boolean =>
  layer.kind === 'pool' || ((layer.kind === 'recurrence' || layer.kind === 'program') && layer.last);

/** Sizes of a batch: T steps, B rows. */
export interface BatchSize {
  readonly steps: number;
  readonly rows: number;
}

/** Numbers that a step holds at most beside its weights, for a batch whose rows are all as long as the longest. */
export function numbersOfStep(
  layers: readonly ChainLayer[],
  shapes: readonly (readonly number[])[],
  { steps, rows }: BatchSize,
): number {
  let [numbers, width, positions] = [0, 0, steps * rows];
  for (const layer of layers) {
    const before = width;
    if (layer.kind === 'lookup') width = shapes[layer.table]?.[1] ?? 0;
    if (layer.kind === 'linear') width = shapes[layer.weight]?.[0] ?? 0;
    if (layer.kind === 'recurrence') {
      width = 0;
      for (const [, hidden = 0] of layer.weights) {
        const [gates = 0, output = 0] = shapes[hidden] ?? [];
        width += output;
        // What is kept for the gradient: of no cell more than twice its gates, each padded to whole vectors.
        numbers += positions * 2 * (gates + 64);
      }
    }
    if (layer.kind === 'program') {
      const { program, directions } = layer;
      width = directions.length * (program.states[0] ?? 0);
      // Each of them padded to whole vectors.
      numbers += positions * directions.length * program.saved.reduce((sum, one) => sum + one + 64, 0);
    }
    if (endsSequence(layer)) {
      numbers += positions * width;
      positions = rows;
    }
    // The value, its gradient, and that of what was read.
    numbers += positions * (2 * width + before);
  }
  return numbers;
}

/** As `dropoutMask` compares and multiplies. */
function dropoutWords(rate: number, key: number): readonly number[] {
  const threshold = Math.ceil(rate * 0x100000000) | 0;
  const [bits = 0] = new Int32Array(Float32Array.of(1 / (1 - rate)).buffer);
  return [key, threshold, bits];
}
