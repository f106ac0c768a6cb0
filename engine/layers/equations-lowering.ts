import type { CellProgram } from '../cells/cell-program.ts';
import { type RegisterProgram, registerProgram } from '../cells/program/register-program.ts';
import type { NodeId } from '../cells/step/graph.ts';
import type { OneOrTwo, ProgramPlaces } from '../kernels/native/chain.ts';

/** A register program, and where its tables lie among weights. */
export interface LoweredEquations {
  readonly program: RegisterProgram;
  /** @param number of a parameter of the cell's, by its name */
  places(number: (name: string) => number): ProgramPlaces;
}

/**
 * A cell's equations as a part of a network that runs as one op; `null` where the cell is too large, where something is computed of what is
 * learned alone beyond the sum of two vectors, or where a gradient is put together of several: around the op for a cell alone TensorFlow
 * computes that.
 *
 * @param inputs I, the width of x
 */
export function lowerEquations(cell: CellProgram, inputs: number): LoweredEquations | null {
  const program = registerProgram(cell, inputs);
  if (program.beyond !== null) return null;
  const { graph, gradients } = cell.schedule;
  const learned = (id: NodeId): string | null => {
    const node = graph.node(id);
    return node.op === 'parameter' ? node.name : null;
  };
  const vectors = program.vectors.map(({ id }) => {
    const node = graph.node(id);
    return namesOf(node.op === 'add' ? [learned(node.left), learned(node.right)] : [learned(id)]);
  });
  const withGradient = (id: NodeId): string[] =>
    cell.parameters.flatMap(({ name }) => (gradients.parameters.get(name) === id ? [name] : []));
  const sums = program.sumNodes.map(({ id, units }) => (units ? null : namesOf(withGradient(id))));
  const outers = program.outerNodes.map((id) => {
    const [name, ...others] = withGradient(id);
    return others.length === 0 ? (name ?? null) : null;
  });
  if (!allThere(vectors) || !allThere(sums) || !allThere(outers)) return null;
  if (new Set([...outers, ...sums.flat()]).size < cell.parameters.length) return null;
  return {
    program,
    places: (number) => ({
      matrices: program.matrices.map(({ name }) => number(name)),
      vectors: vectors.map((names) => numbersOf(names, number)),
      outers: outers.map(number),
      sums: sums.map((names) => numbersOf(names, number)),
    }),
  };
}

type Names = readonly [string] | readonly [string, string];

function namesOf([first, second, ...others]: readonly (string | null)[]): Names | null {
  if (typeof first !== 'string' || second === null || others.length > 0) return null;
  return second === undefined ? [first] : [first, second];
}

const numbersOf = ([first, second]: Names, number: (name: string) => number): OneOrTwo =>
  second === undefined ? [number(first)] : [number(first), number(second)];

const allThere = <T>(values: (T | null)[]): values is T[] => !values.includes(null);
