import { expect, it } from 'vitest';
import { Random } from '../../random.ts';
import { cellProgram } from '../cell-program.ts';
import { randomCell } from '../random-cell.test-support.ts';
import { type Block, StepEvaluation, type StepGiven } from './evaluate.ts';
import { type Given, interpret, type Row, randomGiven } from './interpret.test-support.ts';

const hidden = 3;
const inputs = 2;

const block = (rows: readonly Row[]): Block => ({
  rows: rows.length,
  width: rows[0]?.length ?? 0,
  data: Float64Array.from(rows.flat()),
});

function stacked(given: readonly Given[]): StepGiven & { readonly gradients: readonly Block[] } {
  const [first] = given;
  if (first === undefined) throw new Error('no rows');
  const parts = (of: (one: Given) => readonly Row[]): readonly Block[] =>
    of(first).map((_, part) => block(given.map((one) => of(one)[part] ?? [])));
  return {
    input: block(given.map(({ input }) => input)),
    states: parts(({ states }) => states),
    gradients: parts(({ gradients }) => gradients),
    parameters: new Map([
      ...[...first.vectors].map(([name, row]): [string, Block] => [name, block([row])]),
      ...[...first.matrices].map(([name, rows]): [string, Block] => [name, block(rows)]),
    ]),
  };
}

function expectRows(found: Block, wanted: readonly Row[], what: string): void {
  wanted.forEach((row, r) => {
    row.forEach((value, unit) => {
      const at = (found.rows === 1 ? 0 : r) * found.width + (found.width === 1 ? 0 : unit);
      expect(Math.abs((found.data[at] ?? Number.NaN) - value), `${what}[${r}][${unit}]`).toBeLessThan(
        1e-12 * Math.max(1, Math.abs(value)),
      );
    });
  });
}

it('gives every value and every gradient of the state that one number at a time gives, of random cells and several rows', () => {
  const seen = new Set<string>();
  for (let seed = 0; seed < 60; seed++) {
    const text = randomCell(new Random(seed, 'cell'));
    const program = cellProgram(text, hidden);
    const { graph, gradients } = program.schedule;
    for (let id = 0; id < graph.size; id++) seen.add(graph.node(id).op);
    const rows = [seed, seed + 1000, seed + 2000].map((one) => randomGiven(program, inputs, one));
    const shared = rows.map(
      (row): Given => ({ ...row, vectors: rows[0]?.vectors ?? new Map(), matrices: rows[0]?.matrices ?? new Map() }),
    );
    const { gradients: given, ...step } = stacked(shared);
    const evaluation = new StepEvaluation(program, step);
    const wanted = shared.map((row) => interpret(graph, row));
    for (const [name, id] of program.step.named)
      expectRows(
        evaluation.value(id),
        wanted.map((value) => value(id)),
        `${text}\n${name}`,
      );
    const pulled = evaluation.pullBack(given);
    gradients.states.forEach((id, part) => {
      const zeros = program.states[part]?.width ?? 0;
      const rowsWanted = wanted.map((value) => (id === null ? new Array<number>(zeros).fill(0) : value(id)));
      const found = pulled[part];
      expect(found?.rows).toBe(3);
      expect(found?.width).toBe(zeros);
      if (found) expectRows(found, rowsWanted, `${text}\nstate ${part}`);
    });
  }
  for (const op of [
    'softmax',
    'layernorm',
    'inverseDeviation',
    'sumUnits',
    'meanUnits',
    'softplus',
    'min',
    'max',
    'divide',
    'sign',
    'step',
  ])
    expect(seen, op).toContain(op);
});

it('has finite values far out, where an exponential overflows', () => {
  const program = cellProgram("h' = softplus(U_h h) + softmax(h)", 2);
  const evaluation = new StepEvaluation(program, {
    input: block([[0]]),
    states: [block([[900, -900]])],
    parameters: new Map([
      [
        'U_h',
        block([
          [1, 0],
          [0, 1],
        ]),
      ],
    ]),
  });
  expect([...(evaluation.next[0]?.data ?? [])]).toEqual([901, 0]);
});
