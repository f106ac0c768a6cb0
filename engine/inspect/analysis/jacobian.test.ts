import { Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { type CellProgram, cellProgram } from '../../cells/cell-program.ts';
import { randomCell } from '../../cells/random-cell.test-support.ts';
import { cellForms, cellOf } from '../../cells/registry.ts';
import type { Block, StepGiven } from '../../cells/step/evaluate.ts';
import { Random } from '../../random.ts';
import { stateSize, stateStep, stepJacobian, timesJacobian } from './jacobian.ts';
import { difference, randomBlock, randomStep, rowsOf } from './random-step.test-support.ts';
import { joinParts, splitParts } from './state-blocks.ts';

const inputs = 3;
const [sigmoid, tanh] = [(a: number): number => 1 / (1 + Math.exp(-a)), Math.tanh];

/** Vectors and matrices as the published formulas are written, apart from the code under test. */
const column = (values: readonly number[]): Matrix => Matrix.columnVector([...values]);
const D = (values: Matrix): Matrix => Matrix.diag(values.to1DArray());
const each = (f: (...values: number[]) => number, ...vectors: Matrix[]): Matrix =>
  column(vectors[0]?.to1DArray().map((_, i) => f(...vectors.map((vector) => vector.get(i, 0)))) ?? []);
const sum = (...matrices: Matrix[]): Matrix => matrices.reduce((total, one) => Matrix.add(total, one));

interface Named {
  readonly x: Matrix;
  readonly h: Matrix;
  readonly c: Matrix;
  matrix(name: string): Matrix;
  /** Zeros where the cell has none. */
  vector(name: string): Matrix;
  /** W x + U h + b, with peepholes where the cell has them. */
  gate(name: string, seen?: Matrix): Matrix;
}

function named({ input, states, parameters }: StepGiven, hidden: number): Named {
  const [h, c] = states.map(({ data }) => column([...data]));
  const x = column([...input.data]);
  if (h === undefined) throw new Error('no state');
  const matrix = (name: string): Matrix => {
    const block = parameters.get(name);
    if (block === undefined) throw new Error(name);
    return Matrix.from1DArray(block.rows, block.width, block.data);
  };
  const vector = (name: string): Matrix => column([...(parameters.get(name)?.data ?? new Float64Array(hidden))]);
  const gate = (name: string, seen?: Matrix): Matrix =>
    sum(
      matrix(`W_${name}`).mmul(x),
      matrix(`U_${name}`).mmul(h),
      vector(`b_x${name}`),
      vector(`b_h${name}`),
      ...(seen === undefined ? [] : [each((p, v) => p * v, vector(`p_${name}`), seen)]),
    );
  return { x, h, c: c ?? h, matrix, vector, gate };
}

/** The closed formulas of the Jacobian of each kind of cell, written out by hand from the papers' equations. */
const closed: Readonly<Record<string, (form: Record<string, unknown>, given: Named) => Matrix>> = {
  'rnn-cell': ({ activation }, { gate, matrix }) => {
    const a = gate('h');
    const slope = {
      tanh: (v: number) => 1 - tanh(v) ** 2,
      sigmoid: (v: number) => sigmoid(v) * (1 - sigmoid(v)),
      relu: (v: number) => (v > 0 ? 1 : 0),
      identity: () => 1,
    }[activation as 'tanh'];
    return D(each(slope, a)).mmul(matrix('U_h'));
  },
  'gru-cell': ({ form }, { x, h, matrix, vector, gate }) => {
    if (form === 'reset-after') {
      const [r, z] = [each(sigmoid, gate('r')), each(sigmoid, gate('z'))];
      const q = sum(matrix('U_n').mmul(h), vector('b_hn'));
      const n = each((a, b, c) => tanh(a + b * c), sum(matrix('W_n').mmul(x), vector('b_xn')), r, q);
      return sum(
        D(z),
        D(each((hh, nn, zz) => (hh - nn) * zz * (1 - zz), h, n, z)).mmul(matrix('U_z')),
        D(each((zz, nn) => (1 - zz) * (1 - nn * nn), z, n)).mmul(
          sum(D(r).mmul(matrix('U_n')), D(each((qq, rr) => qq * rr * (1 - rr), q, r)).mmul(matrix('U_r'))),
        ),
      );
    }
    const u = each(sigmoid, gate('u'));
    const reset = form === 'relevance-before';
    const r = reset ? each(sigmoid, gate('r')) : each(() => 1, h);
    const read = each((rr, hh) => rr * hh, r, h);
    const n = each(tanh, sum(matrix('W_n').mmul(x), matrix('U_n').mmul(read), vector('b_xn')));
    const bracket = reset ? sum(D(r), D(each((hh, rr) => hh * rr * (1 - rr), h, r)).mmul(matrix('U_r'))) : Matrix.eye(h.rows);
    return sum(
      D(each((uu) => 1 - uu, u)),
      D(each((nn, hh, uu) => (nn - hh) * uu * (1 - uu), n, h, u)).mmul(matrix('U_u')),
      D(each((uu, nn) => uu * (1 - nn * nn), u, n))
        .mmul(matrix('U_n'))
        .mmul(bracket),
    );
  },
  'lstm-cell': ({ coupled = false, projection = 0 }, { c, matrix, vector, gate }) => {
    const slope = (v: number): number => v * (1 - v);
    const f = each(sigmoid, gate('f', c));
    const g = each(tanh, gate('g'));
    const i = coupled === true ? each((v) => 1 - v, f) : each(sigmoid, gate('i', c));
    const next = each((ff, cc, ii, gg) => ff * cc + ii * gg, f, c, i, g);
    const o = each(sigmoid, gate('o', next));
    const k = each(tanh, next);
    const candidate = D(each((ii, gg) => ii * (1 - gg * gg), i, g)).mmul(matrix('U_g'));
    const [A, C] =
      coupled === true
        ? [
            sum(D(each((cc, gg, ff) => (cc - gg) * slope(ff), c, g, f)).mmul(matrix('U_f')), candidate),
            D(each((ff, cc, gg, p) => ff + (cc - gg) * slope(ff) * p, f, c, g, vector('p_f'))),
          ]
        : [
            sum(
              D(each((cc, ff) => cc * slope(ff), c, f)).mmul(matrix('U_f')),
              D(each((gg, ii) => gg * slope(ii), g, i)).mmul(matrix('U_i')),
              candidate,
            ),
            D(
              each(
                (ff, cc, pf, gg, ii, pi) => ff + cc * slope(ff) * pf + gg * slope(ii) * pi,
                ...[f, c, vector('p_f'), g, i, vector('p_i')],
              ),
            ),
          ];
    const S = D(each((oo, kk, p) => oo * (1 - kk * kk) + kk * slope(oo) * p, o, k, vector('p_o')));
    const R = projection === 0 ? Matrix.eye(c.rows) : matrix('V');
    const top = [R.mmul(sum(D(each((kk, oo) => kk * slope(oo), k, o)).mmul(matrix('U_o')), S.mmul(A))), R.mmul(S).mmul(C)];
    return stackedRows([top, [A, C]]);
  },
};

function stackedRows(parts: readonly (readonly Matrix[])[]): Matrix {
  return new Matrix(
    parts.flatMap((row) => Array.from({ length: row[0]?.rows ?? 0 }, (_, r) => row.flatMap((part) => part.getRow(r)))),
  );
}

describe('the Jacobian of a step', () => {
  const hidden = 5;
  it.each(cellForms.filter(({ kind }) => kind !== 'custom-cell'))(
    'of $name is that of the closed formula',
    ({ kind, settings }) => {
      const cell = cellOf(kind, { ...settings, hidden });
      const program = cellProgram(cell.equations, hidden);
      const given = randomStep(program, inputs, kind);
      const formula = closed[kind]?.({ ...cell.settings }, named(given, hidden));
      expect(formula, kind).toBeDefined();
      const found = stepJacobian(program, stateStep(program, given));
      expect(difference(found.data, formula?.to1DArray() ?? [])).toBeLessThan(1e-14);
    },
  );

  it('of random cells is that of finite differences', () => {
    let kinks = 0;
    let checked = 0;
    for (let seed = 0; seed < 40; seed++) {
      const text = randomCell(new Random(seed, 'cell'));
      const program = cellProgram(text, 3);
      const given = randomStep(program, inputs, `${seed}`);
      const found = rowsOf(stepJacobian(program, stateStep(program, given)));
      const size = stateSize(program);
      for (let unit = 0; unit < size; unit++) {
        const central = (by: number): readonly number[] => {
          const [ahead, back] = [moved(program, given, unit, by), moved(program, given, unit, -by)];
          return [...ahead].map((value, i) => (value - (back[i] ?? Number.NaN)) / (2 * by));
        };
        const [fine, coarse] = [central(1e-5), central(3e-5)];
        fine.forEach((slope, i) => {
          if (Math.abs(slope - (coarse[i] ?? 0)) > 1e-5) kinks++;
          else {
            checked++;
            expect(Math.abs((found[i]?.[unit] ?? Number.NaN) - slope), text).toBeLessThan(1e-6 * Math.max(1, Math.abs(slope)));
          }
        });
      }
    }
    expect(checked).toBeGreaterThan(500);
    expect(kinks).toBeLessThan(checked / 50);
  });

  it('of a padded step is I: the state stays', () => {
    const program = cellProgram(cellOf('lstm-cell', { hidden: 3 }).equations, 3);
    const rows = rowsOf(stepJacobian(program, null));
    expect(rows).toEqual(rows.map((row, i) => row.map((_, j) => (i === j ? 1 : 0))));
    expect(rows).toHaveLength(6);
  });

  it('need not be made for its product with rows', () => {
    const program = cellProgram(cellOf('gru-cell', { hidden: 4 }).equations, 4);
    const step = stateStep(program, randomStep(program, inputs, 'rows'));
    const rows = randomBlock(3, 4, 'v');
    const { data } = stepJacobian(program, step);
    const wanted = Matrix.from1DArray(3, 4, rows.data).mmul(Matrix.from1DArray(4, 4, data));
    expect(difference(timesJacobian(program, step, rows).data, wanted.to1DArray())).toBeLessThan(1e-14);
  });
});

function moved(program: CellProgram, given: StepGiven, unit: number, by: number): Float64Array {
  const whole: Block = joinParts(given.states);
  const data = whole.data.slice();
  data[unit] = (data[unit] ?? 0) + by;
  const widths = program.states.map(({ width }) => width);
  return joinParts(stateStep(program, { ...given, states: splitParts({ ...whole, data }, widths) }).next).data;
}
