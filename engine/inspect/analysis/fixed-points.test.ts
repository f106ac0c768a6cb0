import { LuDecomposition, Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { cellProgram } from '../../cells/cell-program.ts';
import { cellOf } from '../../cells/registry.ts';
import { atOnce } from '../../event-loop.ts';
import { fixedPoints } from './fixed-points.ts';
import { stateStep } from './jacobian.ts';
import { blockOf, difference, randomBlock, randomStep } from './random-step.test-support.ts';
import { joinParts, splitParts } from './state-blocks.ts';

describe('fixed points', () => {
  it('of a linear cell is (I − U)⁻¹ (W x), wherever the search starts', () => {
    const program = cellProgram("h' = W x + U h", 4);
    const given = { ...randomStep(program, 2, 'linear', 0.4) };
    const U = given.parameters.get('U');
    const W = given.parameters.get('W');
    if (U === undefined || W === undefined) throw new Error('no weights');
    const from = Matrix.from1DArray(4, 2, W.data).mmul(Matrix.columnVector([...given.input.data]));
    const wanted = new LuDecomposition(Matrix.sub(Matrix.eye(4), Matrix.from1DArray(4, 4, U.data))).solve(from).to1DArray();
    const points = atOnce(fixedPoints(program, given, randomBlock(5, 4, 'starts', 3)));
    expect(points).toHaveLength(1);
    expect(points[0]?.converged).toBe(true);
    expect(points[0]?.starts).toEqual([0, 1, 2, 3, 4]);
    expect(difference(points[0]?.state ?? [], wanted)).toBeLessThan(1e-8);
  });

  it('of h ← tanh(2 h) are three: two that attract, and 0 between them that does not', () => {
    const program = cellProgram("h' = tanh(W x + U h)", 1);
    const given = {
      input: blockOf([[0]]),
      parameters: new Map([
        ['W', blockOf([[1]])],
        ['U', blockOf([[2]])],
      ]),
    };
    // tanh(2 h) = h, by halving an interval.
    let [low, high] = [0.5, 1];
    for (let i = 0; i < 60; i++) {
      const middle = (low + high) / 2;
      if (Math.tanh(2 * middle) > middle) low = middle;
      else high = middle;
    }
    const points = [...atOnce(fixedPoints(program, given, blockOf([[0.9], [-0.8], [0.02], [0.95]])))].sort(
      (a, b) => (a.state[0] ?? 0) - (b.state[0] ?? 0),
    );
    expect(points.map(({ kind }) => kind)).toEqual(['stable', 'unstable', 'stable']);
    expect(
      difference(
        points.flatMap(({ state }) => [...state]),
        [-low, 0, low],
      ),
    ).toBeLessThan(1e-8);
    expect(points[1]?.eigenvalues[0]?.[0]).toBeCloseTo(2, 8);
    expect(points[2]?.eigenvalues[0]?.[0]).toBeCloseTo(2 * (1 - low ** 2), 8);
    expect(points[2]?.starts).toEqual([0, 3]);
  });

  it('has directions that hold and others that let go at a saddle', () => {
    const program = cellProgram("h' = tanh(W x + U h)", 2);
    const parameters = new Map([
      ['W', blockOf([[0], [0]])],
      [
        'U',
        blockOf([
          [2, 0],
          [0, 0.5],
        ]),
      ],
    ]);
    const points = atOnce(fixedPoints(program, { input: blockOf([[0]]), parameters }, blockOf([[0.01, 0.3]])));
    expect(points[0]).toMatchObject({ kind: 'saddle', unstable: 1, converged: true });
  });

  it('says where a state never rests that it is none', () => {
    // h + 1 is never h.
    const program = cellProgram("h' = h + 1 + 0 * (W x)", 1);
    const given = { input: blockOf([[0]]), parameters: new Map([['W', blockOf([[1]])]]) };
    const [point] = atOnce(fixedPoints(program, given, blockOf([[0.3]])));
    expect(point?.converged).toBe(false);
    expect(point?.speed).toBeCloseTo(1, 12);
  });

  it('of an LSTM are states that a step leaves where they are, in all parts', () => {
    const cell = cellOf('lstm-cell', { hidden: 6 });
    const program = cellProgram(cell.equations, 6);
    const given = randomStep(program, 3, 'lstm', 0.5);
    const points = atOnce(fixedPoints(program, given, randomBlock(6, 12, 'lstm starts', 0.5)));
    const converged = points.filter((point) => point.converged);
    expect(converged.length).toBeGreaterThan(0);
    for (const { state } of converged) {
      const states = splitParts({ rows: 1, width: 12, data: state }, [6, 6]);
      expect(difference(joinParts(stateStep(program, { ...given, states }).next).data, state)).toBeLessThan(1e-8);
    }
  });

  it('leaves out starts that lead to no number', () => {
    const program = cellProgram("h' = tanh(W x + U h)", 1);
    const given = {
      input: blockOf([[0]]),
      parameters: new Map([
        ['W', blockOf([[1]])],
        ['U', blockOf([[0.5]])],
      ]),
    };
    expect(atOnce(fixedPoints(program, given, blockOf([[Number.NaN]])))).toEqual([]);
  });
});
