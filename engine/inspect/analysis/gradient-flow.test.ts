import { Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { cellProgram } from '../../cells/cell-program.ts';
import { cellOf } from '../../cells/registry.ts';
import type { Block } from '../../cells/step/evaluate.ts';
import { askTorch, torchMissing } from '../../training/torch-expectation.test-support.ts';
import { gradientFlow } from './gradient-flow.ts';
import { type StateStep, stateStep, stepJacobian } from './jacobian.ts';
import { blockOf, difference, randomBlock, randomStep, rowsOf } from './random-step.test-support.ts';

/** A linear cell, whose step has one Jacobian: its matrix. */
const linear = (size: number) => cellProgram('h = W x + U h'.replace('h =', "h' ="), size);

function linearSteps(matrix: Block, count: number): readonly StateStep[] {
  const program = linear(matrix.rows);
  const step = stateStep(program, {
    input: blockOf([[0]]),
    states: [randomBlock(1, matrix.rows, 'h')],
    parameters: new Map([
      ['W', randomBlock(matrix.rows, 1, 'W')],
      ['U', matrix],
    ]),
  });
  return Array.from({ length: count }, () => step);
}

const flow = (matrix: Block, steps: readonly StateStep[], count = matrix.rows) => gradientFlow(linear(matrix.rows), steps, count);

/** An orthogonal matrix, of random numbers. */
function orthogonal(size: number): Matrix {
  const { rows, width, data } = randomBlock(size, size, 'q');
  const rowsDone: number[][] = [];
  for (const row of Matrix.from1DArray(rows, width, data).to2DArray()) {
    for (const done of rowsDone) {
      const share = row.reduce((sum, v, i) => sum + v * (done[i] ?? 0), 0);
      row.forEach((v, i) => {
        row[i] = v - share * (done[i] ?? 0);
      });
    }
    const length = Math.hypot(...row);
    rowsDone.push(row.map((v) => v / length));
  }
  return new Matrix(rowsDone);
}

describe('how gradients flow back', () => {
  it('through a rotation that shrinks by 0.9 a step: every exponent is log 0.9, every norm a power of it', () => {
    const turn = orthogonal(6).mul(0.9);
    const { exponents, norms } = flow(blockOf(turn.to2DArray()), linearSteps(blockOf(turn.to2DArray()), 200));
    expect(difference(exponents, new Array<number>(6).fill(Math.log(0.9)))).toBeLessThan(1e-13);
    expect(
      difference(
        norms.map(Math.log),
        norms.map((_, t) => (200 - t) * Math.log(0.9)),
      ),
    ).toBeLessThan(1e-11);
  });

  it('through a diagonal: the exponents are the logarithms of its numbers, largest first; the leading ones alone are the same', () => {
    const diagonal = blockOf([
      [0.5, 0, 0],
      [0, 1.3, 0],
      [0, 0, -0.8],
    ]);
    const wanted = [Math.log(1.3), Math.log(0.8), Math.log(0.5)];
    const { exponents } = flow(diagonal, linearSteps(diagonal, 4000));
    expect(difference(exponents, wanted)).toBeLessThan(1e-3);
    expect(difference(flow(diagonal, linearSteps(diagonal, 4000), 2).exponents, wanted.slice(0, 2))).toBeLessThan(1e-3);
  });

  it('is told where nothing comes through, and where much more comes than a number can hold', () => {
    const nothing = blockOf([
      [0, 0],
      [0, 0.5],
    ]);
    const found = flow(nothing, linearSteps(nothing, 300));
    expect(found.exponents[1]).toBe(Number.NEGATIVE_INFINITY);
    expect(found.exponents[0]).toBeCloseTo(Math.log(0.5), 2);
    const much = blockOf([[1e3]]);
    const grown = flow(much, linearSteps(much, 200));
    expect(grown.exponents[0]).toBeCloseTo(Math.log(1e3), 10);
    expect(grown.norms[0]).toBe(Number.POSITIVE_INFINITY);
    expect(grown.norms[150]).toBeCloseTo(1e150, -140);
  });

  it('of an LSTM has the norms of the products of its Jacobians, and padded steps change nothing', () => {
    const program = cellProgram(cellOf('lstm-cell', { hidden: 4 }).equations, 4);
    const real = Array.from({ length: 5 }, (_, t) => {
      const { parameters } = randomStep(program, 3, 'weights');
      return stateStep(program, { ...randomStep(program, 3, `step ${t}`), parameters });
    });
    const { norms, exponents } = gradientFlow(program, real, 8);
    let product = Matrix.eye(8);
    const wanted = [1];
    for (const step of [...real].reverse()) {
      const { data } = stepJacobian(program, step);
      product = product.mmul(Matrix.from1DArray(8, 8, data));
      wanted.unshift(askNorm(product));
    }
    expect(difference(norms, wanted)).toBeLessThan(1e-12);
    const padded = gradientFlow(program, [...real, null, null], 8);
    expect(padded.norms).toEqual([...norms, 1, 1]);
    expect(padded.exponents).toEqual(exponents);
    // All of them together: what the step does to volume.
    const volume = real.reduce((sum, step) => sum + logDeterminant(stepJacobian(program, step)), 0) / real.length;
    expect(exponents.reduce((sum, value) => sum + value, 0)).toBeCloseTo(volume, 10);
  });

  const missing = torchMissing();
  it.skipIf(missing !== null)('through a random matrix tends to the logarithms of its eigenvalues', () => {
    const matrix = randomBlock(5, 5, 'random', 0.5);
    const { exponents } = flow(matrix, linearSteps(matrix, 6000));
    const wanted = askTorch(
      'import json, sys, numpy as np\nprint(json.dumps(sorted(np.log(abs(np.linalg.eigvals(np.array(json.load(sys.stdin))))).tolist(), reverse=True)))',
      rowsOf(matrix),
    ) as readonly number[];
    expect(difference(exponents, wanted)).toBeLessThan(2e-3);
  });
});

/** √ of the largest eigenvalue of AᵀA, by repeated products: apart from the code under test. */
function askNorm(matrix: Matrix): number {
  const gram = matrix.transpose().mmul(matrix);
  let vector = Matrix.columnVector(Array.from({ length: gram.rows }, (_, i) => 1 + i / 7));
  let size = 0;
  for (let i = 0; i < 20000; i++) {
    vector = gram.mmul(vector);
    size = vector.norm('frobenius');
    vector.div(size);
  }
  return Math.sqrt(size);
}

function logDeterminant({ rows, data }: Block): number {
  const left = Matrix.from1DArray(rows, rows, data).to2DArray();
  let sum = 0;
  for (let k = 0; k < rows; k++) {
    const pivot = left
      .slice(k)
      .reduce((best, row, i) => (Math.abs(row[k] ?? 0) > Math.abs(left[best]?.[k] ?? 0) ? k + i : best), k);
    [left[k], left[pivot]] = [left[pivot] ?? [], left[k] ?? []];
    const head = left[k]?.[k] ?? 0;
    sum += Math.log(Math.abs(head));
    for (const row of left.slice(k + 1)) {
      const factor = (row[k] ?? 0) / head;
      row.forEach((value, i) => {
        row[i] = value - factor * (left[k]?.[i] ?? 0);
      });
    }
  }
  return sum;
}
