import { describe, expect, it } from 'vitest';
import { Random } from '../../random.ts';
import { cellProgram } from '../cell-program.ts';
import { cellLibrary } from '../library.ts';
import { randomCell } from '../random-cell.test-support.ts';
import { acceleratedForms, cellOf } from '../registry.ts';
import { interpret, type Row, randomGiven } from '../step/interpret.test-support.ts';
import { registerProgram } from './register-program.ts';
import { runStep } from './run.test-support.ts';

const [H, I] = [5, 3];

const lstm = (hidden: number) => cellProgram(cellOf('lstm-cell', { hidden }).equations, hidden);

const texts: readonly (readonly [string, string])[] = [
  ...cellLibrary.map(({ title, equations }) => [title, equations] as const),
  ...acceleratedForms(H).map(({ name, cell }) => [name, cell.equations] as const),
  ['a state that is given on', "h' = tanh(W x + U c)\nc' = h"],
  ['an output that no matrix makes', "c' = 0.5 * c + W x\nout = p_o * c'"],
  ['the input through functions', "h' = tanh(W layernorm(k_a * tanh(x)) + V (p_x * x) + U h)"],
  ['what all rows share', "h' = tanh(W x + U sigmoid(b_u) + softmax(p_q) * h) * sigmoid(k_z)"],
  ['softmax of a sum', "a = softmax(W x + U h)\nh' = a * tanh(V h) + layernorm(a * h)"],
];

function compare(text: string, seed: number): void {
  const program = cellProgram(text, H);
  const made = registerProgram(program, I);
  const given = randomGiven(program, I, seed);
  const { graph, next, gradients } = program.schedule;
  const value = interpret(graph, given);
  const found = runStep(made, given, value);
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

describe('a register program', () => {
  it.each(texts)('gives the numbers of the step: %s', (_name, text) => {
    compare(text, 1);
  });

  it('gives the numbers of the steps of random cells', () => {
    for (let seed = 0; seed < 300; seed++) compare(randomCell(new Random(seed, 'program')), seed);
  });

  it('is not for the kernels where the cell is too large for them', () => {
    expect(registerProgram(lstm(2048), 2048).fits).toBe(true);
    expect(registerProgram(lstm(8192), 8192).fits).toBe(false);
    expect(registerProgram(cellProgram("h' = tanh(W x)", 2), 2 ** 16 + 1).fits).toBe(false);
  });

  it('computes as much of an LSTM as its kernel does', () => {
    const { forward, backward, saved } = registerProgram(lstm(H), I);
    expect(forward.runs.length).toBe(1);
    expect(forward.runs[0]?.targets.length).toBe(4);
    expect(backward.runs.length).toBe(2);
    expect(saved.length).toBeLessThanOrEqual(6);
  });

  it('keeps of a layer norm what it scaled by, one number a row, instead of gathering again', () => {
    const { saved, backward } = registerProgram(cellProgram("h' = tanh(layernorm(W x + U h))", H), I);
    expect(saved.filter((width) => width === 0)).toHaveLength(1);
    expect(backward.runs.flatMap(({ instructions }) => instructions.map(({ operation }) => operation))).not.toContain('sqrt');
  });
});
