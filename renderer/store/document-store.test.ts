import { beforeEach, describe, expect, test } from 'vitest';
import { dataBinding } from '../../engine/document/data-binding.ts';
import { moveTo, remove, setLabel, setParams } from '../../engine/document/edit.ts';
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

const facts = { vocabulary: 20, classes: 2, features: null, targets: null };
const store = useDocumentStore.getState;
const load = (): void => store().load({ document, path: null, dirty: false, facts });

describe('what an edit means', () => {
  beforeEach(load);

  test('a setting changes shapes, numbers of weights and problems', () => {
    expect(store().parameters.get('wrap')).toBe(3 * 8 * (4 + 8 + 2));
    store().edit((d) => setParams(d, 'cell', { hidden: 5 }));
    expect(store().inferred.outputs.get('wrap:output')).toMatchObject({ features: 5 });
    expect(store().parameters.get('wrap')).toBe(3 * 5 * (4 + 5 + 2));
    store().edit((d) => setParams(d, 'cell', { hidden: -1 }));
    expect(errors()).toContainEqual(expect.stringMatching(/^hidden: /));
  });

  test('another kind of node, one wire less, one node less and other data are seen', () => {
    store().edit((d) => ({ ...d, nodes: d.nodes.map((n) => (n.id === 'cell' ? { ...n, kind: 'lstm-cell' } : n)) }));
    expect(store().parameters.get('wrap')).toBe(4 * 8 * (4 + 8 + 2));
    store().edit((d) => remove(d, new Set(['cell-cell-wrap-cell'])));
    expect(errors()).toContain('“cell” needs a wire');
    load();
    store().edit((d) => remove(d, new Set(['cell'])));
    expect(errors()).toContain('“cell” needs a wire');
    load();
    store().edit((d) => ({ ...d, nodes: [...d.nodes, node('alone', 'dense')] }));
    expect(errors()).toContain('“input” needs a wire');
    load();
    store().edit((d) => ({ ...d, nodes: d.nodes.map((n) => (n.id === 'cell' ? { ...n, id: 'other' } : n)) }));
    expect(errors()).toContain('“cell” needs a wire');
    load();
    store().setData(null);
    expect(errors()).not.toEqual([]);
  });

  test('places, labels, notes and the name change nothing of it', () => {
    const { inferred, problems, parameters } = store();
    store().edit((d) => moveTo(d, new Map([['cell', { x: 40, y: 4 }]])));
    store().edit((d) => setLabel(d, 'cell', 'memory'));
    store().setName('other');
    expect(store().document.nodes[2]).toMatchObject({ label: 'memory', position: { x: 40, y: 4 } });
    expect(store().inferred).toBe(inferred);
    expect(store().problems).toBe(problems);
    expect(store().parameters).toBe(parameters);
  });

  test('training settings are judged anew, on the same shapes', () => {
    const { inferred } = store();
    store().setTraining({ learningRate: 0.9 });
    expect(store().problems.map(({ message }) => message)).toContainEqual(expect.stringContaining('0.9'));
    expect(store().inferred).toBe(inferred);
  });
});

describe('a drag', () => {
  beforeEach(load);
  const at = (x: number) => store().edit((d) => moveTo(d, new Map([['cell', { x, y: 0 }]])), 'move:cell');
  const place = (): number | undefined => store().document.nodes.find((n) => n.id === 'cell')?.position.x;
  const drag = (...places: number[]): void => {
    store().beginGesture();
    places.forEach(at);
  };

  test('is one step of undo, however long', () => {
    drag(10, 20, 30);
    store().endGesture();
    expect(place()).toBe(30);
    store().undo();
    expect(place()).toBe(0);
    store().redo();
    expect(place()).toBe(30);
  });

  test('that undo interrupts goes back to its start; what is dragged on is a step of its own', () => {
    store().setName('named');
    drag(10, 20);
    store().undo();
    expect(place()).toBe(0);
    expect(store().document.name).toBe('named');
    at(50);
    at(60);
    store().endGesture();
    expect(place()).toBe(60);
    store().undo();
    expect(place()).toBe(0);
    expect(store().document.name).toBe('named');
    store().undo();
    expect(store().document).toBe(document);
  });

  test('that redo interrupts keeps its place: nothing is left to be done again', () => {
    store().setName('named');
    store().undo();
    drag(10, 20);
    store().redo();
    expect(place()).toBe(20);
    expect(store().document.name).toBe(document.name);
    store().endGesture();
    store().undo();
    expect(store().document).toBe(document);
    store().redo();
    expect(place()).toBe(20);
  });

  test('that moves nothing is no step, and keeps what can be done again', () => {
    store().setName('named');
    store().undo();
    store().beginGesture();
    store().beginGesture();
    store().endGesture();
    store().redo();
    expect(store().document.name).toBe('named');
  });
});
