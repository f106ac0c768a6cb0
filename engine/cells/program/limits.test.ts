import { describe, expect, it } from 'vitest';
import { programLimits as limits, type Place } from './format.ts';
import { beyondLimits } from './limits.ts';
import type { Program, Tables } from './register-program.ts';

type Made = Parameters<typeof beyondLimits>[0];

const program = (part: Partial<Program>): Program => ({
  registers: 1,
  buffers: [],
  lefts: [],
  rights: [],
  rowSums: [],
  outers: [],
  inputTerms: [],
  writesInputGradient: false,
  runs: [],
  ...part,
});
const made = (part: Partial<Tables>, forward: Partial<Program> = {}, backward: Partial<Program> = {}): Made => ({
  inputs: 1,
  matrices: [],
  vectors: [],
  constants: [1],
  states: [1],
  saved: [],
  ...part,
  forward: program(forward),
  backward: program(backward),
});

const input: Place = { kind: 'input', index: 0 };
const of = <T>(count: number, item: T): T[] => new Array<T>(count).fill(item);
const runs = (part: Partial<Program['runs'][number]>, count = 1): Partial<Program> => ({
  runs: of(count, { width: 1, targets: [], products: [], instructions: [], ...part }),
});
const product = { of: input, matrix: 0, turned: false, target: 0 };
const copy = { operation: 'copy' as const, to: input, from: [input] };

/** Where the forward program has a list, the backward one has it too. */
const inEach = (what: string, part: (count: number) => Partial<Program>, limit: number) =>
  [
    [`${what}, forward`, (n: number) => made({}, part(n)), limit],
    [`${what}, backward`, (n: number) => made({}, {}, part(n)), limit],
  ] as const;

const half = 2 ** 14;
const square = { matrices: [{ name: 'W', rows: half, columns: half }] };
const factors = limits.factors / half ** 2;

describe('the kernels take', () => {
  it.each<readonly [string, (n: number) => Made, number]>([
    ['inputs', (n) => made({ inputs: n }), limits.width],
    ['rows of a matrix', (n) => made({ matrices: [{ name: 'W', rows: n, columns: 1 }] }), limits.width],
    ['columns of a matrix', (n) => made({ matrices: [{ name: 'W', rows: 1, columns: n }] }), limits.width],
    ['units of a vector', (n) => made({ vectors: [{ id: 0, width: n }] }), limits.width],
    ['units of a state', (n) => made({ states: [1, n] }), limits.width],
    ['units that are kept', (n) => made({ saved: [1, n] }), limits.width],
    ...(['buffers', 'lefts', 'rights', 'rowSums'] as const).flatMap((list) => [
      ...inEach(`units of ${list}`, (n) => ({ [list]: [n] }), limits.width),
      ...inEach(list, (n) => ({ [list]: of(n, 1) }), limits.places),
    ]),
    // One input and 63 states of 2 ** 15 leave room for one that is smaller by one.
    ['numbers in all', (n) => made({ states: [...of(63, 2 ** 15), n] }), limits.numbers - 63 * 2 ** 15 - 1],
    ['matrices', (n) => made({ matrices: of(n, { name: 'W', rows: 1, columns: 1 }) }), limits.places],
    ['constants', (n) => made({ constants: of(n, 1) }), limits.places],
    ['vectors', (n) => made({ vectors: of(n, { id: 0, width: 1 }) }), limits.places],
    ['states', (n) => made({ states: of(n, 1) }), limits.places],
    ['values that are kept', (n) => made({ saved: of(n, 1) }), limits.places],
    ...inEach('registers', (n) => ({ registers: n }), limits.registers),
    ...inEach('runs', (n) => runs({}, n), limits.runs),
    ...inEach('sums', (n) => runs({ targets: of(n, null) }), limits.places),
    ...inEach('products', (n) => runs({ products: of(n, product) }), limits.places),
    ...inEach('instructions', (n) => runs({ instructions: of(n, copy) }), limits.instructions),
    ...inEach('terms of the input', (n) => ({ inputTerms: of(n, { left: 0, matrix: 0 }) }), limits.places),
    ...inEach('outer products', (n) => ({ outers: of(n, { left: 0, right: input }) }), limits.places),
    // Each factor as often as it is multiplied.
    ['factors of products', (n) => made(square, runs({ products: of(n, product) })), factors],
    ['factors of runs', (n) => made(square, runs({ products: [product] }, n)), factors],
    ['factors of the input', (n) => made(square, {}, { inputTerms: of(n, { left: 0, matrix: 0 }) }), factors],
    [
      'outer products with the input',
      (n) => made({ inputs: half }, {}, { lefts: [half], outers: of(n, { left: 0, right: input }) }),
      factors,
    ],
    [
      'outer products with the state',
      (n) => made({ states: [half] }, {}, { lefts: [half], outers: of(n, { left: 0, right: { kind: 'state', index: 0 } }) }),
      factors,
    ],
    [
      'outer products with what is kept for them',
      (n) =>
        made({}, {}, { lefts: [1, half], rights: [1, half], outers: of(n, { left: 1, right: { kind: 'right', index: 1 } }) }),
      factors,
    ],
  ])('as many %s as their limit, and not one more', (_what, of, limit) => {
    expect(beyondLimits(of(limit))).toBeNull();
    const beyond = beyondLimits(of(limit + 1));
    expect(beyond?.found).toBeGreaterThan(beyond?.most ?? Number.POSITIVE_INFINITY);
  });
});
