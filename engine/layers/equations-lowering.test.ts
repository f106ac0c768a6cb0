import { describe, expect, it } from 'vitest';
import { cellProgram } from '../cells/cell-program.ts';
import { everyCell } from '../cells/every-cell.test-support.ts';
import { lowerEquations } from './equations-lowering.ts';

const hidden = 16;
const lowered = (equations: string, inputs = 5) => lowerEquations(cellProgram(equations, hidden), inputs);

describe('a cell’s equations as a part of a network that runs as one op', () => {
  it('takes every cell but those that compute with what is learned alone', () => {
    const left = everyCell(hidden).flatMap(([name, equations]) => (lowered(equations) === null ? [name] : []));
    // The sigmoid of a number that is learned.
    expect(left).toEqual(['FastGRNN']);
  });

  it('says which weights its tables are, sums of two among them, and whose gradients it makes', () => {
    const cell = lowered("f = sigmoid(W_f x + b_x + U_f h + b_h)\nh' = f * h + p_s * tanh(W_n x)");
    if (cell === null) throw new Error('it is not lowered');
    const names = cell.program.matrices.map(({ name }) => name);
    const weights: string[] = [];
    const number = (name: string): number => (weights.includes(name) ? weights.indexOf(name) : weights.push(name) - 1);
    const { matrices, vectors, outers, sums } = cell.places(number);
    const name = (one: number): string => weights[one] ?? '';
    expect(matrices.map(name)).toEqual(names);
    expect(vectors.map((all) => all.map(name).sort()).sort()).toEqual([['b_h', 'b_x'], ['p_s']]);
    expect(outers.map(name).sort()).toEqual(['U_f', 'W_f', 'W_n']);
    expect(sums.map((all) => all.map(name).sort()).sort()).toEqual([['b_h', 'b_x'], ['p_s']]);
  });

  it.each([
    ['a function of what is learned', "h' = tanh(W x + sigmoid(b_h))"],
    ['a gradient out of two', "h' = tanh(W x + U h + U (h * h) + b_h)"],
    ['a number whose gradient is summed over units', "h' = tanh(W x + k_a * h)"],
  ])('leaves %s to the cell’s own op', (_what, equations) => {
    expect(lowered(equations)).toBeNull();
  });

  it('leaves a cell that is too large for kernels', () => {
    expect(lowered("h' = tanh(W x)")).not.toBeNull();
    expect(lowered("h' = tanh(W x)", 2 ** 17)).toBeNull();
  });
});
