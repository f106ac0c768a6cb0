import { expect, test } from 'vitest';
import { dataBinding } from '../../engine/document/data-binding.ts';
import { node, wire } from '../../engine/document/fixtures/graph-literals.ts';
import { emptyDocument } from '../../engine/document/schema.ts';
import { noFacts } from '../../engine/shapes/infer-shapes.ts';
import { useDocumentStore } from './document-store.ts';

const document = {
  ...emptyDocument(),
  nodes: [
    node('in', 'token-input'),
    node('embed', 'embedding', { width: 4 }),
    node('cell', 'gru-cell', { hidden: 8 }),
    node('wrap', 'recurrent', { output: 'last' }),
    node('head', 'dense-softmax'),
  ],
  edges: ['in.tokens > embed.tokens', 'embed.sequence > wrap.sequence', 'cell.cell > wrap.cell', 'wrap.output > head.input'].map(
    wire,
  ),
  data: dataBinding.parse({ source: { kind: 'template', name: 'test' }, task: 'sequence-classification' }),
};

const errors = (): string[] =>
  useDocumentStore
    .getState()
    .problems.filter(({ severity }) => severity === 'error')
    .map(({ message }) => message);

test('data that is still being read is no problem; data without tokens is one, at the input that asks for them', () => {
  useDocumentStore.getState().load({ document, path: null, dirty: false, facts: noFacts });
  expect(errors()).toEqual([]);
  useDocumentStore.getState().setFacts({ vocabulary: null, classes: 2, features: 3, targets: null });
  expect(errors()).toEqual([expect.stringContaining('asks for tokens')]);
  useDocumentStore.getState().setFacts({ vocabulary: 20, classes: 2, features: null, targets: null });
  expect(errors()).toEqual([]);
});
