import { programLimits as limits, type Place } from './format.ts';
import type { Program, Tables } from './register-program.ts';

/** What a cell has too much of to run as one piece, and how much would be taken. */
export interface Excess {
  /** For a person, in the plural. */
  readonly what: string;
  readonly found: number;
  readonly most: number;
  /** What makes it less. */
  readonly by: keyof typeof ways;
}

/** How to have less of it, for a person. */
const ways = {
  units: 'lower its hidden units, or the width of what it reads',
  equations: 'give it fewer or shorter equations, or deal them to two cells in layers of their own',
  batch: 'lower the batch size, or the longest sequence',
} as const;

/** “5,000 registers, where 512 are taken”. */
export const wordsOf = ({ what, found, most }: Excess): string =>
  most === 0 ? `${count(found)} ${what}` : `${count(found)} ${what}, where ${count(most)} are taken`;

export const wayOut = ({ by }: Excess): string => ways[by];

const count = (number: number): string => number.toLocaleString('en');

/** The limit of the kernels that a program goes beyond; `null` where they take it. */
export function beyondLimits(made: Tables & { readonly forward: Program; readonly backward: Program }): Excess | null {
  const { matrices, vectors, constants, states, saved, forward, backward } = made;
  const both = [forward, backward];
  const tables = [vectors.map(({ width }) => width), states, saved, ...both.flatMap(widthsOf)];
  const widths = [made.inputs, ...matrices.flatMap(({ rows, columns }) => [rows, columns]), ...tables.flat()];
  const lists = [matrices, constants, ...tables, ...both.flatMap(({ outers, inputTerms }) => [outers, inputTerms])];
  const runs = both.flatMap((program) => program.runs);
  const most = (numbers: readonly number[]): number => Math.max(0, ...numbers);
  return (
    excess('units of one value', most(widths), limits.width, 'units') ??
    excess('numbers a row', sum(widths), limits.numbers, 'units') ??
    excess('factors of products', most(both.map((program) => factors(made, program))), limits.factors, 'units') ??
    excess('values of one kind', most(lists.map(({ length }) => length)), limits.places, 'equations') ??
    excess('registers', most(both.map(({ registers }) => registers)), limits.registers, 'equations') ??
    excess('stages of a step', most(both.map((program) => program.runs.length)), limits.runs, 'equations') ??
    excess('sums of a stage', most(runs.map(({ targets }) => targets.length)), limits.places, 'equations') ??
    excess('products of a stage', most(runs.map(({ products }) => products.length)), limits.places, 'equations') ??
    excess('instructions of a stage', most(runs.map((run) => run.instructions.length)), limits.instructions, 'equations')
  );
}

/** `null` where `found` is no more than `most`. */
export const excess = (what: string, found: number, most: number, by: Excess['by']): Excess | null =>
  found <= most ? null : { what, found, most, by };

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

const widthsOf = ({ buffers, lefts, rights, rowSums }: Program): readonly (readonly number[])[] => [
  buffers,
  lefts,
  rights,
  rowSums,
];

function factors({ matrices, inputs, states }: Tables, { runs, outers, inputTerms, lefts, rights }: Program): number {
  const size = (matrix: number): number => (matrices[matrix]?.rows ?? 0) * (matrices[matrix]?.columns ?? 0);
  const width = ({ kind, index }: Place): number =>
    (kind === 'input' ? inputs : kind === 'right' ? rights[index] : states[index]) ?? 0;
  return sum([
    ...runs.flatMap(({ products }) => products.map(({ matrix }) => size(matrix))),
    ...inputTerms.map(({ matrix }) => size(matrix)),
    ...outers.map(({ left, right }) => (lefts[left] ?? 0) * width(right)),
  ]);
}
