import { programLimits as limits, type Place } from './format.ts';
import type { Program, Tables } from './register-program.ts';

/** Whether the kernels take a program of this size. */
export function fitsLimits(made: Tables & { readonly forward: Program; readonly backward: Program }): boolean {
  const { matrices, vectors, constants, states, saved, forward, backward } = made;
  const both = [forward, backward];
  const tables = [vectors.map(({ width }) => width), states, saved, ...both.flatMap(widthsOf)];
  const widths = [made.inputs, ...matrices.flatMap(({ rows, columns }) => [rows, columns]), ...tables.flat()];
  const lists = [matrices, constants, ...tables, ...both.flatMap(({ outers, inputTerms }) => [outers, inputTerms])];
  return (
    Math.max(...widths) <= limits.width &&
    sum(widths) <= limits.numbers &&
    Math.max(...lists.map(({ length }) => length)) <= limits.places &&
    both.every((program) => isSmall(program)) &&
    both.every((program) => factors(made, program) <= limits.factors)
  );
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

const widthsOf = ({ buffers, lefts, rights, rowSums }: Program): readonly (readonly number[])[] => [
  buffers,
  lefts,
  rights,
  rowSums,
];

const isSmall = ({ registers, runs }: Program): boolean =>
  registers <= limits.registers &&
  runs.length <= limits.runs &&
  runs.every(
    ({ targets, products, instructions }) =>
      targets.length <= limits.places && products.length <= limits.places && instructions.length <= limits.instructions,
  );

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
