import { describe, expect, it } from 'vitest';
import { cellProgram } from '../../../cells/cell-program.ts';
import { registerProgram } from '../../../cells/program/register-program.ts';
import { compareWithStep } from '../../../cells/program/run.test-support.ts';
import { H, I, stepTexts } from '../../../cells/program/step-suite.test-support.ts';
import { randomCell } from '../../../cells/random-cell.test-support.ts';
import { Random } from '../../../random.ts';
import { backwardStages } from './backward.ts';
import { forwardStages } from './forward.ts';
import { shadersOf } from './plan.ts';
import { runStages } from './run.test-support.ts';

const textOf = (name: string): string => stepTexts.find(([one]) => one === name)?.[1] ?? '';

const stagesOf = (text: string) => {
  const program = registerProgram(cellProgram(text, H), I);
  const forward = forwardStages(program, true);
  return { forward, backward: backwardStages(program, forward.saved), program };
};

describe('the stages of a program', () => {
  it.each(stepTexts)('give the numbers of the step: %s', (_name, text) => {
    compareWithStep(text, [H, I], 1, runStages);
  });

  it('give the numbers of the steps of random cells', () => {
    for (let seed = 0; seed < 300; seed++) compareWithStep(randomCell(new Random(seed, 'stages')), [H, I], seed, runStages);
  });

  it.each([
    ['rnn tanh', 1, 1],
    ['gru reset-after', 1, 1],
    ['gru relevance-before', 2, 2],
    ['lstm', 1, 1],
    ['lstm peepholes, coupled', 1, 1],
    ['Minimal gated unit', 2, 2],
    ['SRU', 1, 1],
    ['Coupled LSTM with layer norm', 3, 2],
  ])('are few: %s has %i a step forwards and %i back', (name, forwards, back) => {
    const { forward, backward } = stagesOf(textOf(name));
    expect([forward.step.length, backward.step.length - Number(backward.linked)]).toEqual([forwards, back]);
  });

  it.each([
    // Blocks of four units, two for each value: i, f, g, o and tanh(c'); their gradients; c and h are carried.
    ['lstm', { records: 10, scratch: 0 }, { records: 8, scratch: 4 }],
    // r, z, n and the bracket; the bracket's gradient, r's, z's, n's and what reaches all of them.
    ['gru reset-after', { records: 8, scratch: 0 }, { records: 10, scratch: 2 }],
  ])('keep of a step no more than what is read: %s', (name, history, gradients) => {
    const { forward, backward } = stagesOf(textOf(name));
    expect(forward.sizes.history).toEqual(history);
    expect(backward.sizes).toEqual(gradients);
  });

  it('compute what only a later stage reads in that stage', () => {
    const { forward } = stagesOf("h' = tanh(V tanh(U h)) * sigmoid(R h)");
    expect(
      forwardStages(registerProgram(cellProgram("h' = tanh(V tanh(U h)) * sigmoid(R h)", H), I), false).sizes.history,
    ).toEqual({
      records: 0,
      scratch: 2,
    });
    expect(forward.step).toHaveLength(2);
  });

  it('keep nothing that lies there anyway: states before and after the step', () => {
    const { forward } = stagesOf("c' = tanh(U c + W x)\nh' = c' * sigmoid(V h)");
    expect(forward.saved.map(({ kind }) => kind).sort()).toEqual(['after', 'before', 'record']);
  });
});

describe('the shaders of a program', () => {
  const all = (text: string, onProcessor: boolean) => {
    const plans = shadersOf(registerProgram(cellProgram(text, H), I), onProcessor);
    if (plans === null) throw new Error('too large');
    const { training, inference } = plans;
    const back = [true, false].map((sequence) => plans.backward(sequence));
    const once = [...training.early, ...inference.early, ...back.flatMap(({ rest }) => rest)];
    const loop = [
      ...[...training.step, ...inference.step],
      ...back.flatMap(({ step, end }) => [...step, ...(end === null ? [] : [end])]),
    ];
    return { once, loop };
  };

  it.each(stepTexts)('bind at most eight buffers: %s', (_name, text) => {
    const { once, loop } = all(text, false);
    for (const { inputs } of [...once, ...loop]) expect(inputs.length + 1).toBeLessThanOrEqual(8);
  });

  it.each(['lstm', 'gru reset-after', 'Minimal gated unit', 'Coupled LSTM with layer norm'])(
    'do not look at the input within the loop: %s',
    (name) => {
      const { once, loop } = all(textOf(name), false);
      expect(once.some(({ inputs }) => inputs.includes('x'))).toBe(true);
      expect(loop.filter(({ inputs }) => inputs.includes('x'))).toEqual([]);
    },
  );

  it('hold no word of the equations', () => {
    const { once, loop } = all("zebra = sigmoid(W_zebra x + U_zebra h)\nh' = zebra * k_zebra + 0.25", true);
    for (const { code } of [...once, ...loop]) expect(code).not.toMatch(/zebra/i);
    expect([...once, ...loop].some(({ code }) => code.includes('vec4<f32>(0.25)'))).toBe(true);
  });

  it('are the same text each time, and other text for other widths', () => {
    const names = (hidden: number): readonly string[] =>
      shadersOf(registerProgram(cellProgram(textOf('lstm'), hidden), I), true)?.training.step.map(({ name }) => name) ?? [];
    expect(names(H)).toEqual(names(H));
    expect(names(H)).not.toEqual(names(H + 4));
  });

  it.each([
    ['a number that float32 has not', "h' = tanh(W x) * 1e39"],
    [
      'more sums of products than a thread holds',
      `${Array.from({ length: 70 }, (_, i) => `a_${i} = tanh(U_${i} h)`).join('\n')}\nh' = ${Array.from({ length: 70 }, (_, i) => `a_${i}`).join(' + ')}`,
    ],
    [
      'more stages than are worth it',
      `a_0 = h\n${Array.from({ length: 30 }, (_, i) => `a_${i + 1} = tanh(U_${i} a_${i})`).join('\n')}\nh' = a_30`,
    ],
  ])('there are none for %s', (_name, text) => {
    expect(shadersOf(registerProgram(cellProgram(text, H), I), true)).toBeNull();
  });
});
