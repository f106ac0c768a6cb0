/**
 * A register program is a list of 32-bit words, read by `kernels/native/src/program.cc`, which checks each of them. It is data: nothing is
 * compiled for a cell. Its parts, in order: the sizes and tables of {@link Tables}, the forward program, the backward program.
 */
export const formatVersion = 1;

/** Where an instruction reads and writes. The number of a place is its kind times {@link placeUnit}, plus its index. */
export const placeKinds = {
  none: 0,
  /** Of a tile: lives within one run. */
  register: 1,
  /** A sum of products of the run. */
  target: 2,
  /** Learned or made from what is learned alone: the same for all rows. */
  vector: 3,
  constant: 4,
  /** A part of the state before the step. */
  state: 5,
  /** A part of the state after it. */
  next: 6,
  /** The gradient of a part of the state after the step. */
  gradient: 7,
  /** The gradient of a part of the state before it. */
  before: 8,
  /** Kept by the forward program for the backward one. */
  saved: 9,
  /** Lives within one step. */
  buffer: 10,
  /** Gradient of a product: kept for the gradient of its matrix, and for that of the input. */
  left: 11,
  /** What a matrix multiplied, where it is neither the input nor the output of the step before. */
  right: 12,
  /** Summed over rows and steps. */
  rowSum: 13,
  input: 14,
  /** The gradient of the input, where it is not a sum of products. */
  inputGradient: 15,
} as const;
export type PlaceKind = keyof typeof placeKinds;
export const placeUnit = 2 ** 16;

export interface Place {
  readonly kind: PlaceKind;
  readonly index: number;
}

export const placeNumber = ({ kind, index }: Place): number => placeKinds[kind] * placeUnit + index;

/**
 * What an instruction does with `a`, `b` and `c`, number by number; the last three gather over rows or units: what they write is there
 * after the run.
 */
export const operations = {
  copy: 0,
  add: 1,
  subtract: 2,
  multiply: 3,
  divide: 4,
  min: 5,
  max: 6,
  /** a b + c */
  multiplyAdd: 7,
  /** a b - c */
  multiplySubtract: 8,
  /** c - a b */
  subtractProduct: 9,
  negative: 10,
  sigmoid: 11,
  tanh: 12,
  relu: 13,
  softplus: 14,
  exp: 15,
  log: 16,
  sqrt: 17,
  abs: 18,
  step: 19,
  sign: 20,
  /** Adds to a `rowSum`. */
  sumRows: 21,
  /** One number a row. */
  sumUnits: 22,
  maxUnits: 23,
} as const;
export type Operation = keyof typeof operations;
/** Those that gather nothing: a number of each operand gives a number. */
export type Calculation = Exclude<Operation, 'sumRows' | 'sumUnits' | 'maxUnits'>;

/** What `program_parser.cc` refuses to go beyond: a cell that does is composed. */
export const programLimits = {
  width: 2 ** 16,
  /** Items of any table, and products of a run. */
  places: 4096,
  registers: 512,
  runs: 1024,
  instructions: 16384,
  /** Numbers that one row may need, over all places. */
  numbers: 2 ** 21,
  /** Numbers of the matrices of one program, each as often as it is multiplied. */
  factors: 2 ** 28,
} as const;
