import { expect } from 'vitest';
import { cellProgram } from '../cell-program.ts';
import type { NodeId } from '../step/graph.ts';
import { type Given, interpret, ofNumber, ofPair, type Row, randomGiven } from '../step/interpret.test-support.ts';
import { type Calculation, type Place, placeKinds, placeNumber, placeUnit } from './format.ts';
import { type Program, type RegisterProgram, registerProgram } from './register-program.ts';

/** What an instruction gives of its operands. */
export const calculations: Readonly<Record<Calculation, (a: number, b: number, c: number) => number>> = {
  ...ofNumber,
  ...ofPair,
  copy: (a) => a,
  multiplyAdd: (a, b, c) => a * b + c,
  multiplySubtract: (a, b, c) => a * b - c,
  subtractProduct: (a, b, c) => c - a * b,
};

const withinRun: ReadonlySet<number> = new Set([placeKinds.register, placeKinds.target]);

/** What a step of one row gives, computed one number at a time, in double precision. */
export interface StepResult {
  readonly next: readonly Row[];
  readonly before: readonly Row[];
  readonly input: Row | null;
  /** By the node whose value it is: gradients of matrices flat, sums over rows. */
  readonly sums: ReadonlyMap<NodeId, Row>;
}

/**
 * Runs both programs for one row.
 *
 * @param vector the numbers of a node that all rows share
 */
export function runStep(program: RegisterProgram, given: Given, vector: (id: NodeId) => Row): StepResult {
  const places = new Map<number, number[]>();
  const put = (kind: Place['kind'], index: number, numbers: Row): void => {
    places.set(placeNumber({ kind, index }), [...numbers]);
  };
  const get = (place: Place): readonly number[] => {
    const found = places.get(placeNumber(place));
    if (found === undefined) throw new Error(`${place.kind} ${place.index} has no value yet`);
    return found;
  };
  const matrix = (index: number) => given.matrices.get(program.matrices[index]?.name ?? '') ?? [];
  put('input', 0, given.input);
  for (const [index, { id }] of program.vectors.entries()) put('vector', index, vector(id));
  for (const [index, value] of program.constants.entries()) put('constant', index, [value]);
  for (const [index, state] of given.states.entries()) put('state', index, state);
  for (const [index, gradient] of given.gradients.entries()) put('gradient', index, gradient);

  const run = ({ runs }: Program): void => {
    for (const { width, targets, products, instructions } of runs) {
      const count = Math.max(1, width);
      const at = (numbers: Row, i: number): number => (numbers.length === 1 ? numbers[0] : numbers[i]) ?? Number.NaN;
      targets.forEach((start, index) => {
        const from = start === null ? [0] : get(start);
        const sum = Array.from({ length: count }, (_, i) => at(from, i));
        for (const product of products.filter(({ target }) => target === index)) {
          const of = get(product.of);
          const rows = matrix(product.matrix);
          for (let i = 0; i < count; i++)
            for (const [k, v] of of.entries())
              sum[i] = (sum[i] ?? 0) + v * ((product.turned ? rows[k]?.[i] : rows[i]?.[k]) ?? Number.NaN);
        }
        put('target', index, sum);
      });
      // What gathers over units is complete after the run.
      const gathered: (() => void)[] = [];
      for (const { operation, to, from } of instructions) {
        const [a = [0], b = [0], c = [0]] = from.map(get);
        if (operation === 'sumUnits') gathered.push(() => put(to.kind, to.index, [a.reduce((sum, v) => sum + v, 0)]));
        else if (operation === 'maxUnits') gathered.push(() => put(to.kind, to.index, [Math.max(...a)]));
        else if (operation === 'sumRows') put(to.kind, to.index, a);
        else
          put(
            to.kind,
            to.index,
            Array.from({ length: count }, (_, i) => calculations[operation](at(a, i), at(b, i), at(c, i))),
          );
      }
      for (const keep of gathered) keep();
      // No other run finds what lies there.
      for (const place of places.keys()) if (withinRun.has(Math.floor(place / placeUnit))) places.delete(place);
    }
  };
  run(program.forward);
  run(program.backward);
  return resultOf(program, given, get);
}

/** What both programs left behind for one row. */
export function resultOf(program: RegisterProgram, given: Given, get: (place: Place) => Row): StepResult {
  const { states, outerNodes, sumNodes, backward } = program;
  const sums = new Map<NodeId, Row>();
  backward.outers.forEach(({ left, right }, index) => {
    const rights = get(right);
    sums.set(
      outerNodes[index] ?? 0,
      get({ kind: 'left', index: left }).flatMap((l) => rights.map((r) => l * r)),
    );
  });
  sumNodes.forEach(({ id, units }, index) => {
    const numbers = get({ kind: 'rowSum', index });
    sums.set(id, units ? [numbers.reduce((sum, v) => sum + v, 0)] : numbers);
  });
  return {
    next: states.map((_, index) => get({ kind: 'next', index })),
    before: states.map((_, index) => get({ kind: 'before', index })),
    input: inputGradient(program, given, get),
    sums,
  };
}

function inputGradient(
  { matrices, backward: { writesInputGradient, inputTerms } }: RegisterProgram,
  given: Given,
  get: (place: Place) => Row,
): Row | null {
  if (writesInputGradient) return get({ kind: 'inputGradient', index: 0 });
  if (inputTerms.length === 0) return null;
  const terms = inputTerms.map(({ left, matrix }) => ({
    of: get({ kind: 'left', index: left }),
    rows: given.matrices.get(matrices[matrix]?.name ?? '') ?? [],
  }));
  return given.input.map((_, i) =>
    terms.reduce((sum, { of, rows }) => sum + of.reduce((all, d, k) => all + d * (rows[k]?.[i] ?? Number.NaN), 0), 0),
  );
}

/** Whether the program of a cell gives the numbers of its step, of H units from I inputs that the seed draws. */
export function compareWithStep(
  text: string,
  [H, I]: readonly [number, number],
  seed: number,
  run: (program: RegisterProgram, given: Given, vector: (id: NodeId) => Row) => StepResult = runStep,
): void {
  const program = cellProgram(text, H);
  const made = registerProgram(program, I);
  const given = randomGiven(program, I, seed);
  const { graph, next, gradients } = program.schedule;
  const value = interpret(graph, given);
  const found = run(made, given, value);
  const same = (what: string, numbers: Row | null, expected: Row): void => {
    expect(numbers?.length, `${what}\n${text}`).toBe(expected.length);
    for (const [i, number] of expected.entries())
      expect(
        Math.abs((numbers?.[i] ?? Number.NaN) - number) / Math.max(1, Math.abs(number)),
        `${what} ${i}\n${text}`,
      ).toBeLessThan(1e-6);
  };
  next.forEach((id, index) => {
    same(`next ${index}`, found.next[index] ?? null, value(id));
  });
  gradients.states.forEach((id, index) => {
    const zero = (given.states[index] ?? []).map(() => 0);
    same(`d state ${index}`, found.before[index] ?? null, id === null ? zero : value(id));
  });
  if (gradients.input !== null) same('d input', found.input, value(gradients.input));
  for (const [id, numbers] of found.sums) same(`node ${id}`, numbers, value(id));
  // Gradients that are made from sums alone are made after the loop.
  const direct = [...gradients.parameters.values()].filter((id) => ['outer', 'sumRows'].includes(graph.node(id).op));
  for (const id of direct) {
    const node = graph.node(id);
    const of = node.op === 'outer' ? node.left : node.op === 'sumRows' ? node.of : 0;
    if (graph.hasRows(of)) expect(found.sums.has(id), text).toBe(true);
  }
}
