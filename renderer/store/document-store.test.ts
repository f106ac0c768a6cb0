import { beforeEach, describe, expect, test } from 'vitest';
import { dataBinding } from '../../engine/document/data-binding.ts';
import { node, reader } from '../../engine/document/fixtures/graph-literals.ts';
import { emptyDocument } from '../../engine/document/schema.ts';
import { collapse } from '../../engine/graph/blocks/collapse.ts';
import { addComment, moveTo, remove, setLabel, setParams } from '../../engine/graph/edit.ts';
import { noFacts } from '../../engine/graph/infer-shapes.ts';
import { isDirty, useDocumentStore } from './document-store.ts';

const document = {
  ...emptyDocument(),
  ...reader,
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
    // Not even where the wires are the same.
    store().edit((d) => ({ ...d, nodes: d.nodes.slice(0, -1) }));
    expect(store().inferred.configs.has('head')).toBe(false);
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
  const at = (x: number, key?: string) => {
    store().edit((d) => moveTo(d, new Map([['cell', { x, y: 0 }]])), key);
  };
  const place = (): number | undefined => store().document.nodes.find((n) => n.id === 'cell')?.position.x;
  const drag = (...places: number[]): void => {
    for (const x of places) {
      store().beginGesture();
      at(x);
    }
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
    at(50, 'move:cell');
    at(60, 'move:cell');
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

describe('a finding of the engine about the data', () => {
  const unfit = {
    severity: 'error',
    node: 'head',
    edge: null,
    message: 'too few classes',
    fix: 'Set Classes.',
    remedy: null,
  } as const;
  beforeEach(load);

  test('is among the problems, once, until it is taken back', () => {
    store().setUnfit(unfit);
    store().setUnfit({ ...unfit });
    expect(errors()).toEqual(['too few classes']);
    store().setUnfit({ ...unfit, message: 'too many classes' });
    expect(errors()).toEqual(['too many classes']);
    store().setUnfit(null);
    expect(errors()).toEqual([]);
  });

  test('stays over edits of the graph while its node is there', () => {
    store().setUnfit(unfit);
    store().edit((d) => setParams(d, 'cell', { hidden: 3 }));
    store().setTraining({ epochs: 3 });
    expect(errors()).toEqual(['too few classes']);
    store().edit((d) => remove(d, new Set(['head'])));
    expect(errors()).not.toContain('too few classes');
  });

  test('on a node inside a block it is told on both levels, and stays over edits there while its node is there', () => {
    const made = collapse(store().whole, new Set(['cell', 'wrap']), 'Encoder');
    if (!made.ok) throw new Error(made.message);
    store().load({ document: made.document, path: null, facts: store().facts });
    store().setUnfit({ ...unfit, node: made.id, inside: { path: [made.id], node: 'wrap', edge: null } });
    const on = (): (string | null)[] =>
      store().problems.flatMap(({ message, node }) => (message === unfit.message ? [node] : []));
    expect(on()).toEqual([made.id]);
    store().enter([made.id]);
    expect(on()).toEqual(['wrap']);
    store().edit((d) => setParams(d, 'cell', { hidden: 3 }));
    expect(on()).toEqual(['wrap']);
    store().edit((d) => remove(d, new Set(['wrap'])));
    expect(on()).toEqual([]);
  });
});

describe('the selection', () => {
  beforeEach(load);
  const id = 'cell-cell-wrap-cell';

  test('is the same set for the same ids', () => {
    store().select(['cell', 'wrap']);
    const { selection } = store();
    store().select(['wrap', 'cell']);
    expect(store().selection).toBe(selection);
    store().select(['wrap', 'head']);
    expect([...store().selection]).toEqual(['wrap', 'head']);
    store().select(['wrap']);
    expect([...store().selection]).toEqual(['wrap']);
  });

  test('loses what an edit or an undo removes, and keeps the rest', () => {
    store().edit((d) => addComment(d, { x: 0, y: 0 }).document);
    store().select(['cell', id, 'comment-1', 'head']);
    const { selection } = store();
    store().setName('kept');
    expect(store().selection).toBe(selection);
    store().edit((d) => remove(d, new Set(['cell'])));
    expect([...store().selection]).toEqual(['comment-1', 'head']);
    store().undo();
    store().undo();
    store().undo();
    expect([...store().selection]).toEqual(['head']);
  });
});

describe('what is on disk', () => {
  test('is what was opened, or saved last', () => {
    load();
    expect(isDirty(store())).toBe(false);
    store().setName('new');
    expect(isDirty(store())).toBe(true);
    store().markSaved('/a/new.unroll.json', store().document, 'r2');
    expect(isDirty(store())).toBe(false);
    expect(store()).toMatchObject({ path: '/a/new.unroll.json', revision: 'r2' });
    store().undo();
    expect(isDirty(store())).toBe(true);
    store().load({ document, path: null, dirty: true });
    expect(isDirty(store())).toBe(true);
  });

  test('each document that is opened has a key of its own, and no step or selection of the one before', () => {
    load();
    const { autosaveKey } = store();
    store().setName('new');
    store().select(['cell']);
    store().beginGesture();
    load();
    expect(store().autosaveKey).not.toBe(autosaveKey);
    expect(store().autosaveKey).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
    expect(store()).toMatchObject({ gesture: null, readme: null, revision: null });
    expect(store().selection.size).toBe(0);
    store().undo();
    expect(store().document).toBe(document);
  });
});

test('an edit that changes nothing is no step', () => {
  load();
  store().setName('one');
  store().undo();
  store().edit((d) => d);
  store().redo();
  expect(store().document.name).toBe('one');
  store().redo();
  expect(store().document.name).toBe('one');
  store().setName('x'.repeat(300));
  expect(store().document.name).toHaveLength(200);
  load();
  store().undo();
  expect(store().document).toBe(document);
});

test('what a window showed before a reload is shown with its undo and redo, and is dirty where it was', () => {
  const [before, after] = ['before', 'after'].map((name) => ({ ...document, name }));
  if (!before || !after) throw new Error('two documents');
  const kept = {
    document,
    past: [before],
    future: [after],
    path: '/a.unroll.json',
    revision: 'r1',
    autosaveKey: 'k',
    readme: 'read',
  };
  store().restore({ ...kept, saved: null });
  expect(store()).toMatchObject({ whole: document, path: kept.path, revision: 'r1', autosaveKey: 'k', readme: 'read' });
  expect(isDirty(store())).toBe(true);
  store().redo();
  expect(store().whole).toBe(after);
  store().undo();
  store().undo();
  expect(store().whole).toBe(before);
  store().restore({ ...kept, saved: document });
  expect(isDirty(store())).toBe(false);
  store().restore({ ...kept, saved: before });
  expect(isDirty(store())).toBe(true);
  store().undo();
  expect(isDirty(store())).toBe(false);
});

test('edits of a name are one step until something else is done', () => {
  load();
  store().setName('a');
  store().setName('ab');
  store().endStep();
  store().setName('abc');
  store().undo();
  expect(store().document.name).toBe('ab');
  store().undo();
  expect(store().document).toBe(document);
});

test('facts that say the same are no news', () => {
  load();
  const { inferred } = store();
  store().setFacts({ ...facts });
  expect(store().inferred).toBe(inferred);
});
