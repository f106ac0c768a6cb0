import { expect, it } from 'vitest';
import type { Trace, TracedStep } from '../../engine/protocol/inspect.ts';
import { axisOf, cursorAt, rowAt, sentenceOf } from './time-axis.ts';

const words = (...tokens: readonly string[]): TracedStep[] => tokens.map((token) => ({ token, unknown: false, padded: false }));
const input = words('t', 'h', 'e', 'm', 'e');

it('tells a decoder’s steps, joined steps and none from the input’s', () => {
  expect(axisOf(words('t', 'h', 'e', 'm', 'e'), input)).toBe('input');
  expect(axisOf(words('<bos>', 'TH', 'IY'), input)).toBe('target');
  expect(axisOf(words('', '', ''), input)).toBe('joined');
  expect(axisOf(words(''), input)).toBe('none');
  expect(axisOf(words('', ''), words('', ''))).toBe('input');
});

it('puts what is said behind what is read', () => {
  const output = (steps: TracedStep[]): Trace['nodes'][number]['outputs'][number] => ({
    port: 'sequence',
    steps,
    units: 2,
    norm: [],
    strip: { shape: [0, 0], data: '' },
  });
  const node = { node: 'a', module: 'a', kind: 'k', title: 'A', recurrent: [], attention: null };
  const said = words('<bos>', 'TH');
  const { steps, inputs } = sentenceOf({
    steps: input,
    nodes: [
      { ...node, outputs: [output(words('', '', ''))] },
      { ...node, outputs: [output(said)] },
    ],
  });
  expect(inputs).toBe(5);
  expect(steps.map(({ token, side, place }) => [token, side, place])).toEqual([
    ...input.map(({ token }, place) => [token, 'input', place]),
    ['<bos>', 'target', 0],
    ['TH', 'target', 1],
  ]);
});

it('leads from the cursor to a row and back', () => {
  const joined = words('', '', '');
  expect([0, 1, 2, 3, 4, 5].map((cursor) => rowAt(cursor, joined, input))).toEqual([0, 0, 1, 1, 2, null]);
  expect([0, 1, 2].map((row) => cursorAt(row, joined, input))).toEqual([0, 2, 4]);
  const said = words('<bos>', 'TH');
  expect([4, 5, 6, 7].map((cursor) => rowAt(cursor, said, input))).toEqual([null, 0, 1, null]);
  expect(cursorAt(1, said, input)).toBe(6);
  expect(rowAt(4, input, input)).toBe(4);
  expect(rowAt(5, input, input)).toBeNull();
  expect(rowAt(2, words(''), input)).toBe(0);
});
