import { expect, it } from 'vitest';
import type { Trace, TracedNode, TracedRecurrence, TracedStep } from '../../engine/protocol/inspect.ts';
import { cardsTable } from './cards-table.ts';

const step = (token: string): TracedStep => ({ token, unknown: false, padded: false });
const words = ['one', 'two', 'three', 'four'].map(step);
const base64 = (...values: readonly number[]): string => Buffer.from(Float32Array.from(values).buffer).toString('base64');

const node: TracedNode = {
  node: 'vectors',
  module: 'vectors',
  kind: 'embedding',
  title: 'Embedding',
  outputs: [
    // Means of two steps and of three units each: 4 × 6 numbers in 2 × 2.
    { port: 'sequence', steps: words, units: 6, norm: [1, 2, 3, 4], strip: { shape: [2, 2], data: base64(10, 20, 30, 40) } },
  ],
  recurrent: [],
  attention: null,
};
const recurrence = {
  layer: 0,
  direction: 'forward',
  steps: words.slice(0, 2),
  values: [
    { name: 'z', role: 'gate', units: 3, range: '0..1' },
    { name: "h'", role: 'state', units: 3, range: 'free' },
  ],
} as unknown as TracedRecurrence;
const trace = { steps: words, nodes: [node] } as unknown as Trace;

it('has what a node gives with its norm by step, and says of which steps and units a mean is', () => {
  const { head, rows } = cardsTable(trace, [{ title: 'Words', cell: null, node }], () => undefined);
  expect(head).toEqual(['', 'value', 'unit', 'step', 'token', 'number']);
  expect(rows).toEqual([
    ['Words', 'sequence', 'norm', '1', 'one', 1],
    ['Words', 'sequence', 'norm', '2', 'two', 2],
    ['Words', 'sequence', 'norm', '3', 'three', 3],
    ['Words', 'sequence', 'norm', '4', 'four', 4],
    ['Words', 'sequence', '1–3', '1–2', 'one two', 10],
    ['Words', 'sequence', '4–6', '1–2', 'one two', 20],
    ['Words', 'sequence', '1–3', '3–4', 'three four', 30],
    ['Words', 'sequence', '4–6', '3–4', 'three four', 40],
  ]);
});

it('has a cell’s gates over its units at each step, once they are there', () => {
  const cell = { node, recurrence, place: { node: 'layer', layer: 0, direction: 'forward' } } as const;
  const cards = [{ title: 'GRU cell', cell, node: null }];
  expect(cardsTable(trace, cards, () => undefined).rows).toEqual([]);
  const z = { rows: 2, columns: 3, data: Float32Array.from([0.25, 0.5, 0.75, 1, 1, 1]) };
  expect(cardsTable(trace, cards, (_, name) => (name === 'z' ? z : undefined)).rows).toEqual([
    ['GRU cell', 'z', 'mean', '1', 'one', 0.5],
    ['GRU cell', 'z', 'lowest tenth', '1', 'one', 0.25],
    ['GRU cell', 'z', 'highest tenth', '1', 'one', 0.75],
    ['GRU cell', 'z', 'mean', '2', 'two', 1],
    ['GRU cell', 'z', 'lowest tenth', '2', 'two', 1],
    ['GRU cell', 'z', 'highest tenth', '2', 'two', 1],
  ]);
});
