import { expect, it } from 'vitest';
import { dataBinding } from '../document/data-binding.ts';
import { node, wire } from '../document/fixtures/graph-literals.ts';
import { emptyDocument, type UnrollDocument } from '../document/schema.ts';
import { graphFingerprint } from './graph-fingerprint.ts';

const document: UnrollDocument = {
  ...emptyDocument(),
  nodes: [node('in', 'series-input'), node('wide', 'dense'), node('head', 'linear-regression')],
  edges: ['in.sequence > wide.input', 'wide.output > head.input'].map(wire),
  data: dataBinding.parse({ source: { kind: 'template', name: 'co2' }, task: 'forecasting' }),
};
const now = graphFingerprint(document);

it('is the same whatever the places, names, comments, ids and training settings', () => {
  const moved: UnrollDocument = {
    ...document,
    name: 'Another',
    nodes: [
      node('head', 'linear-regression'),
      { ...node('wide2', 'dense'), label: 'Squeeze', position: { x: 9, y: 9 } },
      node('in', 'series-input'),
    ],
    edges: ['wide2.output > head.input', 'in.sequence > wide2.input'].map(wire),
    comments: [{ id: 'c', text: 'why', position: { x: 0, y: 0 }, size: { width: 80, height: 80 } }],
    training: { ...document.training, seed: 7, epochs: 3 },
  };
  expect(graphFingerprint(moved)).toBe(now);
});

it.each<[string, UnrollDocument]>([
  [
    'a setting',
    { ...document, nodes: [node('in', 'series-input'), node('wide', 'dense', { units: 7 }), node('head', 'linear-regression')] },
  ],
  ['a wire', { ...document, edges: ['in.sequence > head.input'].map(wire) }],
  [
    'the data',
    { ...document, data: dataBinding.parse({ source: { kind: 'template', name: 'temperature' }, task: 'forecasting' }) },
  ],
  [
    'the task',
    { ...document, data: dataBinding.parse({ source: { kind: 'template', name: 'co2' }, task: 'sequence-regression' }) },
  ],
])('is another one where %s differs', (_what, other) => {
  expect(graphFingerprint(other)).not.toBe(now);
});
