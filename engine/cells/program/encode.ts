import type { PlacedRun } from './allocate.ts';
import { formatVersion, operations, placeNumber } from './format.ts';
import type { Program, Tables } from './register-program.ts';

/** A program as words, in the order in which `program.cc` reads them: each list has its length before it. */
export function encode(made: Tables & { readonly forward: Program; readonly backward: Program }): Int32Array {
  return Int32Array.from([
    formatVersion,
    made.inputs,
    ...list(made.matrices, ({ rows, columns }) => [rows, columns]),
    ...list(made.vectors, ({ width }) => [width]),
    ...list(made.constants, (value) => [bitsOf(value)]),
    ...numbers(made.states),
    ...numbers(made.saved),
    ...encodeProgram(made.forward),
    ...encodeProgram(made.backward),
  ]);
}

function encodeProgram(program: Program): readonly number[] {
  return [
    program.registers,
    ...numbers(program.buffers),
    ...numbers(program.lefts),
    ...numbers(program.rights),
    ...numbers(program.rowSums),
    ...list(program.outers, ({ left, right }) => [left, placeNumber(right)]),
    ...list(program.inputTerms, ({ left, matrix }) => [left, matrix]),
    Number(program.writesInputGradient),
    ...list(program.runs, encodeRun),
  ];
}

function encodeRun({ width, targets, products, instructions }: PlacedRun): readonly number[] {
  return [
    width,
    ...list(targets, (start) => [start === null ? 0 : placeNumber(start)]),
    ...list(products, ({ of, matrix, turned, target }) => [placeNumber(of), matrix, Number(turned), target]),
    ...list(instructions, ({ operation, to, from }) => {
      const [a = 0, b = 0, c = 0] = from.map(placeNumber);
      return [operations[operation], placeNumber(to), a, b, c];
    }),
  ];
}

const list = <T>(items: readonly T[], words: (item: T) => readonly number[]): readonly number[] => [
  items.length,
  ...items.flatMap(words),
];
const numbers = (items: readonly number[]): readonly number[] => list(items, (item) => [item]);
const bitsOf = (value: number): number => new Int32Array(Float32Array.of(value).buffer)[0] ?? 0;
