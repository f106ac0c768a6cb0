import { describe, expect, it } from 'vitest';
import { cellProgram } from '../../cells/cell-program.ts';
import { gradientBounds, plainRecurrence, recurrentMatrices } from '../../cells/recurrent-matrices.ts';
import { cellOf } from '../../cells/registry.ts';
import type { Block } from '../../cells/step/evaluate.ts';
import { askTorch, torchMissing } from '../../training/torch-expectation.test-support.ts';
import { type ArrowPlane, arrowPlane } from './arrow-plane.ts';
import { blockOf, difference, randomBlock, rowsOf } from './random-step.test-support.ts';
import { largestSingularValue } from './singular-value.ts';
import { type Complex, modulus, spectralRadius, spectrum } from './spectrum.ts';
import { dot, norm, timesVector } from './vectors.ts';

const present = <T>(value: T | null | undefined): T => {
  if (value === null || value === undefined) throw new Error('nothing there');
  return value;
};

/** Each wanted eigenvalue has one found one beside it. */
function expectSame(found: readonly Complex[], wanted: readonly Complex[], within: number): void {
  const left = [...found];
  for (const [re, im] of wanted) {
    const nearest = left.reduce((best, value, i) => {
      const far = (at: Complex | undefined): number => Math.hypot((at?.[0] ?? Infinity) - re, (at?.[1] ?? Infinity) - im);
      return far(value) < far(left[best]) ? i : best;
    }, 0);
    const [taken] = left.splice(nearest, 1);
    expect(Math.hypot((taken?.[0] ?? Infinity) - re, (taken?.[1] ?? Infinity) - im)).toBeLessThan(within);
  }
  expect(left).toEqual([]);
}

describe('spectrum', () => {
  it('of a 2 × 2 matrix is what the characteristic polynomial gives', () => {
    // λ² − 1.3 λ + 0.4 = 0: 0.8 along (1, 0.5), 0.5 along (1, −1).
    const matrix = blockOf([
      [0.7, 0.2],
      [0.1, 0.6],
    ]);
    const found = present(spectrum(matrix));
    expectSame(
      found.eigenvalues,
      [
        [0.8, 0],
        [0.5, 0],
      ],
      1e-14,
    );
    expect(found.radius).toBeCloseTo(0.8, 14);
    const [direction] = found.dominant.directions;
    expect(difference(present(direction), [2 / Math.sqrt(5), 1 / Math.sqrt(5)])).toBeLessThan(1e-14);
    // σ₁² is the larger root of λ² − tr(WᵀW) λ + det².
    const trace = 0.49 + 0.04 + 0.01 + 0.36;
    expect(found.singular).toBeCloseTo(Math.sqrt((trace + Math.sqrt(trace ** 2 - 4 * 0.16)) / 2), 14);
  });

  it('of a rotation is a pair of complex numbers, and the plane in which it turns', () => {
    const [size, angle] = [0.9, 0.4];
    const turn = [
      [Math.cos(angle) * size, -Math.sin(angle) * size, 0],
      [Math.sin(angle) * size, Math.cos(angle) * size, 0],
      [0.3, -0.2, 0.5],
    ];
    const found = present(spectrum(blockOf(turn)));
    expect(found.eigenvalues[0]?.[0]).toBeCloseTo(size * Math.cos(angle), 14);
    expect(found.eigenvalues[0]?.[1]).toBeCloseTo(size * Math.sin(angle), 14);
    expect(found.eigenvalues[1]?.[1]).toBeCloseTo(-size * Math.sin(angle), 14);
    expect(found.eigenvalues[2]).toEqual([expect.closeTo(0.5, 14), 0]);
    const [a, b] = found.dominant.directions.map(present);
    const [first, second] = [present(a), present(b)];
    expect([norm(first), norm(second), dot(first, second)].map((v) => Math.round(v * 1e13) / 1e13)).toEqual([1, 1, 0]);
    // The matrix keeps the plane.
    for (const direction of [first, second]) {
      const image = timesVector(blockOf(turn), direction);
      const rest = image.map((v, i) => v - dot(image, first) * (first[i] ?? 0) - dot(image, second) * (second[i] ?? 0));
      expect(norm(rest)).toBeLessThan(1e-14);
    }
  });

  it('says nothing of a matrix with a number that is none, and refuses one that is not square', () => {
    const matrix = blockOf([
      [0.7, Number.NaN],
      [0.1, 0.6],
    ]);
    expect(spectrum(matrix)).toBeNull();
    expect(spectralRadius(matrix)).toBeNaN();
    expect(largestSingularValue(matrix)).toBeNaN();
    expect(() => spectrum(blockOf([[1, 2]]))).toThrow('not of 1 × 2');
  });

  const missing = torchMissing();
  it.skipIf(missing !== null)('is NumPy’s, of random, defective, symmetric and orthogonal matrices', () => {
    const matrices: readonly Block[] = [
      randomBlock(2, 2, 'two'),
      randomBlock(7, 7, 'seven'),
      randomBlock(128, 128, 'wide', 1 / Math.sqrt(128)),
      // Jordan's block: all eigenvalues equal, one direction.
      blockOf([
        [0.5, 1, 0],
        [0, 0.5, 1],
        [0, 0, 0.5],
      ]),
      blockOf([
        [2, 1, 0],
        [1, 3, -1],
        [0, -1, 1],
      ]),
      blockOf([
        [0, 1, 0],
        [0, 0, 1],
        [1, 0, 0],
      ]),
      blockOf([
        [0, 0],
        [0, 0],
      ]),
    ];
    const answers = askTorch(
      `
import json, sys, numpy as np
out = []
for rows in json.load(sys.stdin):
    a = np.array(rows); l, v = np.linalg.eig(a); k = int(np.argmax(abs(l)))
    out.append({'values': [[z.real, z.imag] for z in l.tolist()] if np.iscomplexobj(l) else [[z, 0] for z in l.tolist()],
                'singular': float(np.linalg.norm(a, 2))})
print(json.dumps(out))`,
      matrices.map(rowsOf),
    ) as readonly { readonly values: readonly Complex[]; readonly singular: number }[];
    answers.forEach(({ values, singular }, i) => {
      const found = present(spectrum(present(matrices[i])));
      // A defective matrix moves its eigenvalues by the cube root of rounding.
      expectSame(found.eigenvalues, values, i === 3 ? 1e-4 : 1e-12);
      expect(found.radius).toBeCloseTo(Math.max(...values.map(modulus)), i === 3 ? 4 : 12);
      expect(Math.abs(found.singular - singular)).toBeLessThan(1e-12);
      expect(found.eigenvalues.map(modulus)).toEqual([...found.eigenvalues.map(modulus)].sort((a, b) => b - a));
    });
  });

  it.skipIf(missing !== null)('has the largest singular value of any shape as NumPy has it', () => {
    const matrices = [
      randomBlock(1, 5, 'flat'),
      randomBlock(5, 1, 'tall'),
      randomBlock(40, 9, 'a'),
      randomBlock(9, 300, 'b'),
      randomBlock(256, 256, 'c', 1 / 16),
    ];
    const answers = askTorch(
      'import json, sys, numpy as np\nprint(json.dumps([float(np.linalg.norm(np.array(a), 2)) for a in json.load(sys.stdin)]))',
      matrices.map(rowsOf),
    ) as readonly number[];
    matrices.forEach((matrix, i) => {
      expect(Math.abs(largestSingularValue(matrix) - (answers[i] ?? Number.NaN))).toBeLessThan(1e-11);
    });
  });
});

describe('the arrow of repeated products', () => {
  /** Where a start `Σ kᵢ eᵢ` is after each number of products, and how much the last one stretched it: what a window makes of a plane. */
  const follow = ({ products }: ArrowPlane, start: readonly number[]) =>
    products.map(({ across, up, gram, scale }) => {
      const along = (row: readonly number[]): number => row.reduce((sum, value, i) => sum + value * (start[i] ?? 0), 0);
      const size = start.length;
      const length = Math.sqrt(along(start.map((_, i) => along(gram.slice(i * size, (i + 1) * size)))));
      return { x: along(across) / length, y: along(up) / length, length: Math.log(length) + scale };
    });
  /** The same by multiplying the start itself. */
  const multiplied = (matrix: Block, start: Float64Array, steps: number): readonly Float64Array[] => {
    const all = [start.map((value) => value / norm(start))];
    for (let n = 0; n < steps; n++) {
      const next = timesVector(matrix, present(all.at(-1)));
      all.push(next.map((value) => value / norm(next)));
    }
    return all;
  };
  const lecture = blockOf([
    [0.7, 0.2],
    [0.1, 0.6],
  ]);

  it('turns towards the dominant eigenvector, and shrinks by its eigenvalue (row L21)', () => {
    const plane = arrowPlane(lecture, present(spectrum(lecture)).dominant, 90);
    expect(plane.directions).toBe(2);
    const arrows = follow(plane, [0.6, -0.8]);
    expect(arrows).toHaveLength(91);
    expect(arrows[0]?.x).toBeCloseTo(0.6, 14);
    expect(arrows[0]?.y).toBeCloseTo(-0.8, 14);
    expect(Math.abs(present(arrows.at(-1)).x)).toBeCloseTo(1, 12);
    expect(present(arrows[90]).length - present(arrows[89]).length).toBeCloseTo(Math.log(0.8), 10);
  });

  it.each([
    ['a real eigenvalue', 1],
    ['a complex pair', 2],
  ] as const)('is where multiplying it would bring it, of six numbers with %s in front', (_what, directions) => {
    const all = [...'abcdefghij'].map((stream) => randomBlock(6, 6, stream));
    const matrix = present(all.find((one) => spectrum(one)?.dominant.directions.length === directions));
    const { dominant } = present(spectrum(matrix));
    const plane = arrowPlane(matrix, dominant, 25);
    expect(plane.directions).toBe(3);
    const [e1] = dominant.directions;
    // Out of the frames themselves: at n = 0 they are the parts along e₁ and e₂, which are at right angles.
    const [first] = plane.products;
    expect(
      difference(
        Float64Array.from(first?.gram ?? []),
        Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1).map((x) => x / Math.exp(2 * (first?.scale ?? 0))),
      ),
    ).toBeLessThan(1e-12);
    const arrows = follow(plane, [1, 0, 0]);
    multiplied(matrix, present(e1), 25).forEach((direction, n) => {
      expect(present(arrows[n]).x).toBeCloseTo(dot(direction, present(e1)), 9);
    });
    const far = follow(plane, [0.2, 0.1, 0.9]);
    const left = ({ x, y }: { x: number; y: number }): number => 1 - Math.hypot(x, y);
    expect(left(present(far[25])), 'it is driven into the plane').toBeLessThan(left(present(far[0])));
  });

  it('ends where a product is nothing', () => {
    const nothing = blockOf([
      [0, 1],
      [0, 0],
    ]);
    expect(arrowPlane(nothing, present(spectrum(nothing)).dominant, 9).products).toHaveLength(2);
  });
});

it('the length of what holds no number is none', () => {
  expect(norm(Float64Array.of(Number.NaN, 1))).toBeNaN();
  expect(norm(Float64Array.of(1, Number.POSITIVE_INFINITY, 2))).toBe(Number.POSITIVE_INFINITY);
});

describe('which matrices carry the state on', () => {
  const program = (kind: Parameters<typeof cellOf>[0], settings: Readonly<Record<string, unknown>> = {}) =>
    cellProgram(cellOf(kind, { hidden: 4, ...settings }).equations, 4);

  it('are those that multiply it, or what is made from it', () => {
    expect(recurrentMatrices(program('lstm-cell'))).toEqual(['U_i', 'U_f', 'U_g', 'U_o']);
    expect(recurrentMatrices(program('lstm-cell', { projection: 2 }))).toContain('V');
    expect(recurrentMatrices(program('gru-cell', { form: 'relevance-before' }))).toEqual(['U_r', 'U_u', 'U_n']);
    expect(recurrentMatrices(program('rnn-cell'))).toEqual(['U_h']);
  });

  it.each([
    ['tanh', 1],
    ['relu', 1],
    ['sigmoid', 0.25],
    ['identity', 1],
  ] as const)('of a plain cell with %s is U, with γ = %d', (activation, gamma) => {
    const found = plainRecurrence(program('rnn-cell', { activation }));
    expect(found).toEqual({ activation: activation === 'identity' ? null : activation, gamma, matrix: 'U_h' });
    // γ is the largest slope, found by trying.
    const slope = {
      tanh: Math.tanh,
      relu: (v: number) => Math.max(0, v),
      sigmoid: (v: number) => 1 / (1 + Math.exp(-v)),
      identity: (v: number) => v,
    }[activation];
    const most = Math.max(
      ...Array.from({ length: 2001 }, (_, i) => (slope((i - 1000) / 100 + 1e-6) - slope((i - 1000) / 100 - 1e-6)) / 2e-6),
    );
    expect(most).toBeCloseTo(gamma, 6);
  });

  it('has no such bounds where the state is carried past the product', () => {
    expect(plainRecurrence(program('lstm-cell'))).toBeNull();
    expect(plainRecurrence(program('gru-cell'))).toBeNull();
    expect(plainRecurrence(cellProgram("h' = tanh(W x + U h + h)", 4))).toBeNull();
    expect(plainRecurrence(cellProgram("h' = tanh(W x + U h + V h)", 4))).toBeNull();
    expect(plainRecurrence(cellProgram("h' = tanh(W x + U (h * h))", 4))).toBeNull();
    expect(plainRecurrence(cellProgram("h' = tanh(W x - U h)", 4))?.matrix).toBe('U');
  });

  it('says what the largest singular value allows (Pascanu et al. 2013)', () => {
    expect(gradientBounds(0.9, 1)).toEqual({ gamma: 1, limit: 1, singular: 0.9, verdict: 'vanish', perStep: 0.9 });
    expect(gradientBounds(3.9, 0.25)).toMatchObject({ limit: 4, verdict: 'vanish', perStep: 0.975 });
    expect(gradientBounds(4.1, 0.25).verdict).toBe('may-explode');
    expect(gradientBounds(1, 1).verdict).toBe('neither');
  });
});
