import { describe, expect, it } from 'vitest';
import { cellProgram } from '../cell-program.ts';
import { cellOf } from '../registry.ts';
import { registerProgram } from './register-program.ts';
import { compareWithStep } from './run.test-support.ts';
import { H, I, stepTexts } from './step-suite.test-support.ts';

const lstm = (hidden: number) => cellProgram(cellOf('lstm-cell', { hidden }).equations, hidden);

describe('a register program', () => {
  it.each(stepTexts)('gives the numbers of the step: %s', (_name, text) => {
    compareWithStep(text, [H, I], 1);
  });

  it('is not for the kernels where the cell is too large for them', () => {
    expect(registerProgram(lstm(2048), 2048).beyond).toBeNull();
    expect(registerProgram(lstm(8192), 8192).beyond).toMatchObject({ what: 'factors of products', by: 'units' });
    expect(registerProgram(cellProgram("h' = tanh(W x)", 2), 2 ** 16 + 1).beyond).toMatchObject({ what: 'units of one value' });
  });

  it('computes as much of an LSTM as its kernel does', () => {
    const { forward, backward, saved } = registerProgram(lstm(H + 1), I);
    expect(forward.runs.length).toBe(1);
    expect(forward.runs[0]?.targets.length).toBe(4);
    expect(backward.runs.length).toBe(2);
    expect(saved.length).toBeLessThanOrEqual(6);
    // i, f, g, o; i g; f c + i g; tanh c'; o tanh c'; and c is kept. Of these only i g is read by nothing but the next one.
    const operations = forward.runs.flatMap(({ instructions }) => instructions.map(({ operation }) => operation));
    expect(operations.sort()).toEqual(
      ['sigmoid', 'sigmoid', 'tanh', 'sigmoid', 'multiply', 'multiplyAdd', 'tanh', 'multiply', 'copy'].sort(),
    );
    expect([forward.registers, forward.buffers]).toEqual([1, []]);
    // The gradient of c', and one gate's after the other.
    expect([backward.registers, backward.buffers]).toEqual([2, []]);
  });

  it.each([
    ['products and what all rows share are one sum', "h' = tanh(W x + U h + b_h)", ['tanh'], ['vector']],
    ['constants too', "h' = tanh(W x + 2 + U h)", ['tanh'], ['constant']],
    ['what all rows share is added once, before', "h' = tanh(W x + b_h + p_a)", ['tanh'], ['vector']],
    ['a sum that is read twice stays by itself', "a = W x\nh' = a + U h\nc' = tanh(a)", ['add', 'tanh'], [null, null]],
    ['a b + c', "h' = p_a * h + W x", ['multiplyAdd'], [null]],
    ['c + a b', "h' = W x + p_a * h", ['multiplyAdd'], [null]],
    ['c - a b', "h' = W x - p_a * h", ['subtractProduct'], [null]],
    [
      'a product that is read twice stays by itself',
      "a = p_a * h\nh' = tanh(a) + a + W x",
      ['multiply', 'tanh', 'add', 'add'],
      [null],
    ],
  ])('joins what it can: %s', (_what, text, operations, starts) => {
    const { forward, constants } = registerProgram(cellProgram(text, H), I);
    const { runs } = forward;
    // What the backward program needs may be copied.
    const made = runs.flatMap(({ instructions }) => instructions.map(({ operation }) => operation));
    expect(made.filter((name) => name !== 'copy').sort()).toEqual([...operations].sort());
    expect(runs.flatMap(({ targets }) => targets.map((start) => start?.kind ?? null))).toEqual(starts);
    expect(constants).toEqual([...new Set(constants)]);
  });

  it('has each constant once, the first is 1', () => {
    const { constants } = registerProgram(cellProgram("a = 0.5 * (W x)\nh' = 0.5 * h + a - 3 * tanh(a)", H), I);
    expect(constants[0]).toBe(1);
    expect([...constants].sort()).toEqual([...new Set([...constants, 0.5, 3])].sort());
  });

  it('keeps of a layer norm what it scaled by, one number a row, instead of gathering again', () => {
    const { saved, backward } = registerProgram(cellProgram("h' = tanh(layernorm(W x + U h))", H), I);
    expect(saved.filter((width) => width === 0)).toHaveLength(1);
    expect(backward.runs.flatMap(({ instructions }) => instructions.map(({ operation }) => operation))).not.toContain('sqrt');
  });
});
