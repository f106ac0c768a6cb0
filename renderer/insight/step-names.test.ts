import { expect, it } from 'vitest';
import type { Trace, TracedRecurrence } from '../../engine/protocol/inspect.ts';
import { stepNames, stepNamesAt } from './step-names.ts';

const stepsOf = (...tokens: readonly string[]) => tokens.map((token) => ({ token, unknown: false, padded: false }));
const recurrence = (layer: number, steps: TracedRecurrence['steps']): TracedRecurrence => ({
  layer,
  direction: 'forward',
  cell: 'gru-cell',
  hidden: 2,
  equations: '',
  steps,
  inputs: 2,
  values: [],
  states: [],
  parameters: [],
});
const node = (id: string, recurrent: readonly TracedRecurrence[]): Trace['nodes'][number] => ({
  node: id,
  module: id,
  kind: 'pyramid',
  title: id,
  outputs: [],
  recurrent: [...recurrent],
  attention: null,
});

it('one number names its step, several are what it holds', () => {
  const series = stepsOf('12.5', '-3e-7', '1.5 -2', '-0.32 -0.3 1.27', '1 cat');
  expect(stepNames(series, series)).toEqual(['12.5', '-3e-7', '3', '4', '1 cat']);
});

it('steps are called what they are in their own layer, whose axis is shorter than that of the layer before', () => {
  const input = stepsOf('t', 'h', 'e', 'y');
  const trace = {
    steps: input,
    nodes: [node('other', [recurrence(0, input)]), node('pyramid', [recurrence(0, input), recurrence(1, stepsOf('', ''))])],
  };
  const at = (layer: number, id = 'pyramid') => stepNamesAt(trace, { node: id, layer, direction: 'forward' });
  expect(at(0)).toEqual(['t', 'h', 'e', 'y']);
  expect(at(1)).toEqual(['th', 'ey']);
  expect(at(2)).toEqual([]);
  const heard = stepsOf('', '', '', '', '');
  expect(stepNames(heard, heard)).toEqual(['1', '2', '3', '4', '5']);
  expect(stepNames(stepsOf('', '', ''), heard)).toEqual(['1–2', '3–4', '5']);
  expect(at(0, 'nothing')).toEqual([]);
});
