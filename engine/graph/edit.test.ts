import { expect, test } from 'vitest';
import { documentLimits, emptyDocument, type UnrollDocument, unrollDocument } from '../document/schema.ts';
import type { LayerKindName } from '../layers/registry.ts';
import { copyItems, parseClip, paste } from './clipboard.ts';
import {
  addComment,
  addNode,
  connect,
  freshId,
  insertOnWire,
  moveTo,
  moveWire,
  remove,
  removeAndHeal,
  setComment,
  setLabel,
  setParams,
} from './edit.ts';
import { noFacts } from './infer-shapes.ts';

const at = { x: 0, y: 0 };
const build = (...kinds: LayerKindName[]): UnrollDocument =>
  kinds.reduce((document, kind) => addNode(document, kind, at).document, emptyDocument());
const wire = (document: UnrollDocument, a: string, p: string, b: string, q: string): UnrollDocument =>
  connect(document, { node: a, port: p }, { node: b, port: q });
const wires = (document: UnrollDocument): string[] => document.edges.map((e) => `${e.from.node}>${e.to.node}`).sort();

test('new nodes have their kind’s defaults, ids of their own and do not cover each other', () => {
  const document = build('lstm-cell', 'lstm-cell');
  expect(document.nodes.map((n) => n.id)).toEqual(['lstm-cell-1', 'lstm-cell-2']);
  expect(document.nodes[0]?.params).toMatchObject({ hidden: 128, forgetBias: 1 });
  expect(document.nodes[0]?.position).not.toEqual(document.nodes[1]?.position);
  expect(unrollDocument.safeParse(document).success).toBe(true);
});

test('a new node lies on the grid of 11, and moves off one that it would cover', () => {
  const first = addNode(emptyDocument(), 'dense', { x: 16, y: -28 }).document;
  const place = (x: number, y: number) => addNode(first, 'dense', { x, y }).document.nodes[1]?.position;
  expect(first.nodes[0]?.position).toEqual({ x: 11, y: -33 });
  expect(place(11, -33)).toEqual({ x: 44, y: 0 });
  expect(place(22, -22)).toEqual({ x: 55, y: 11 });
  expect(place(0, -44)).toEqual({ x: 33, y: -11 });
  // Beside it or below it, and mirrored at the origin, nothing is covered.
  expect(place(110, -33)).toEqual({ x: 110, y: -33 });
  expect(place(11, 110)).toEqual({ x: 11, y: 110 });
  expect(place(-11, 33)).toEqual({ x: -11, y: 33 });
  // 12 away is beside it.
  const beside = { ...first, nodes: first.nodes.map((n) => ({ ...n, position: { x: 12, y: 12 } })) };
  expect(addNode(beside, 'dense', at).document.nodes[1]?.position).toEqual(at);
});

test('an id is free among nodes, wires and comments', () => {
  let document = wire(build('dense', 'dense'), 'dense-1', 'output', 'dense-2', 'input');
  document = addComment(document, at).document;
  expect(['dense', 'wire', 'comment', 'new'].map((stem) => freshId(document, stem))).toEqual([
    'dense-3',
    'wire-2',
    'comment-2',
    'new-1',
  ]);
});

test('a second wire into a single port replaces the first; a many port keeps both', () => {
  let document = build('lstm-cell', 'gru-cell', 'recurrent', 'dense', 'dense', 'concat');
  document = wire(wire(document, 'lstm-cell-1', 'cell', 'recurrent-1', 'cell'), 'gru-cell-1', 'cell', 'recurrent-1', 'cell');
  expect(wires(document)).toEqual(['gru-cell-1>recurrent-1']);
  document = wire(wire(document, 'dense-1', 'output', 'concat-1', 'inputs'), 'dense-2', 'output', 'concat-1', 'inputs');
  expect(wires(document)).toEqual(['dense-1>concat-1', 'dense-2>concat-1', 'gru-cell-1>recurrent-1']);
});

test('wires into other ports of the node stay, and the same wire is not drawn twice', () => {
  let document = build('gru-cell', 'dense', 'recurrent', 'concat');
  document = wire(document, 'dense-1', 'output', 'recurrent-1', 'sequence');
  document = wire(document, 'gru-cell-1', 'cell', 'recurrent-1', 'cell');
  expect(wires(document)).toEqual(['dense-1>recurrent-1', 'gru-cell-1>recurrent-1']);
  const once = wire(build('dense', 'concat'), 'dense-1', 'output', 'concat-1', 'inputs');
  expect(wires(wire(once, 'dense-1', 'output', 'concat-1', 'inputs'))).toEqual(['dense-1>concat-1']);
});

test('a port that this version does not know takes one wire', () => {
  const unknown = { id: 'new', kind: 'transformer', params: {}, position: at };
  let document = build('dense', 'concat');
  document = { ...document, nodes: [...document.nodes, unknown] };
  for (const [to, port] of [
    ['new', 'input'],
    ['concat-1', 'none'],
  ] as const) {
    const twice = wire(wire(document, 'dense-1', 'output', to, port), 'concat-1', 'output', to, port);
    expect(wires(twice)).toEqual([`concat-1>${to}`]);
  }
});

test('moving a wire takes one wire and leaves one', () => {
  const document = wire(build('gru-cell', 'lstm-cell', 'recurrent'), 'gru-cell-1', 'cell', 'recurrent-1', 'cell');
  const id = document.edges[0]?.id ?? '';
  const moved = moveWire(document, id, { node: 'lstm-cell-1', port: 'cell' }, { node: 'recurrent-1', port: 'cell' });
  expect(wires(moved)).toEqual(['lstm-cell-1>recurrent-1']);
});

test('a moved wire keeps its place among the inputs of a Concat', () => {
  let document = build('dense', 'dense', 'dense', 'concat');
  document = wire(document, 'dense-1', 'output', 'concat-1', 'inputs');
  document = wire(document, 'dense-2', 'output', 'concat-1', 'inputs');
  const first = document.edges[0]?.id ?? '';
  const moved = moveWire(document, first, { node: 'dense-3', port: 'output' }, { node: 'concat-1', port: 'inputs' });
  expect(moved.edges.map((e) => e.from.node)).toEqual(['dense-3', 'dense-2']);
  const second = moveWire(
    document,
    document.edges[1]?.id ?? '',
    { node: 'dense-3', port: 'output' },
    { node: 'concat-1', port: 'inputs' },
  );
  expect(second.edges.map((e) => e.from.node)).toEqual(['dense-1', 'dense-3']);
  // One that is gone meanwhile is drawn anew.
  const third = moveWire(document, 'gone', { node: 'dense-3', port: 'output' }, { node: 'concat-1', port: 'inputs' });
  expect(third.edges.map((e) => e.from.node)).toEqual(['dense-1', 'dense-2', 'dense-3']);
});

test('removing a node removes its wires, and healing joins its neighbours', () => {
  let document = build('token-input', 'embedding', 'dropout', 'dense');
  document = wire(document, 'token-input-1', 'tokens', 'embedding-1', 'tokens');
  document = wire(document, 'embedding-1', 'sequence', 'dropout-1', 'input');
  document = wire(document, 'dropout-1', 'output', 'dense-1', 'input');
  expect(wires(remove(document, new Set(['dropout-1'])))).toEqual(['token-input-1>embedding-1']);
  expect(wires(removeAndHeal(document, noFacts, 'dropout-1'))).toEqual(['embedding-1>dense-1', 'token-input-1>embedding-1']);
  expect(wires(removeAndHeal(document, noFacts, 'embedding-1'))).toEqual(['dropout-1>dense-1']);
});

test('removing takes what is named, and no more', () => {
  let document = wire(build('dense', 'dense', 'dense'), 'dense-1', 'output', 'dense-2', 'input');
  document = wire(document, 'dense-2', 'output', 'dense-3', 'input');
  document = addComment(addComment(document, at).document, at).document;
  const left = remove(document, new Set(['dense-3', 'comment-1', document.edges[0]?.id ?? '']));
  expect([left.nodes, left.edges, left.comments].map((items) => items.map(({ id }) => id))).toEqual([
    ['dense-1', 'dense-2'],
    [],
    ['comment-2'],
  ]);
});

test('healing leaves wires that were not the node’s', () => {
  let document = build('dense', 'dropout', 'dense', 'dense', 'dense');
  document = wire(document, 'dense-1', 'output', 'dropout-1', 'input');
  document = wire(document, 'dropout-1', 'output', 'dense-2', 'input');
  document = wire(document, 'dense-3', 'output', 'dense-4', 'input');
  expect(wires(removeAndHeal(document, noFacts, 'dropout-1'))).toEqual(['dense-1>dense-2', 'dense-3>dense-4']);
});

test('nothing takes the place of a node that several wires end at', () => {
  let document = build('dense', 'dense', 'add', 'dropout', 'lstm-cell', 'recurrent');
  document = wire(document, 'dense-1', 'output', 'add-1', 'inputs');
  document = wire(document, 'dense-2', 'output', 'add-1', 'inputs');
  document = wire(document, 'add-1', 'output', 'dropout-1', 'input');
  expect(wires(removeAndHeal(document, noFacts, 'add-1'))).toEqual([]);
  // The neighbour takes its place on every wire, once the other input is gone.
  document = wire(remove(document, new Set(['dense-2'])), 'add-1', 'output', 'recurrent-1', 'sequence');
  expect(wires(removeAndHeal(document, noFacts, 'add-1'))).toEqual(['dense-1>dropout-1', 'dense-1>recurrent-1']);
});

test('a node that is put before a Concat, and taken out again, leaves the order of its inputs', () => {
  let document = build('dense', 'dense', 'concat', 'dropout');
  document = wire(document, 'dense-1', 'output', 'concat-1', 'inputs');
  document = wire(document, 'dense-2', 'output', 'concat-1', 'inputs');
  const joined = (d: UnrollDocument | null) => d?.edges.filter((e) => e.to.node === 'concat-1').map((e) => e.from.node);
  const inserted = insertOnWire(document, noFacts, document.edges[0]?.id ?? '', 'dropout-1');
  expect(joined(inserted)).toEqual(['dropout-1', 'dense-2']);
  expect(wires(inserted ?? document)).toEqual(['dense-1>dropout-1', 'dense-2>concat-1', 'dropout-1>concat-1']);
  expect(joined(inserted && removeAndHeal(inserted, noFacts, 'dropout-1'))).toEqual(['dense-1', 'dense-2']);
});

test('a node is put into a wire where its ports fit, and refused where they do not', () => {
  let document = build('token-input', 'embedding', 'dense', 'dropout', 'lstm-cell');
  document = wire(document, 'token-input-1', 'tokens', 'embedding-1', 'tokens');
  document = wire(document, 'embedding-1', 'sequence', 'dense-1', 'input');
  const [first, second] = document.edges;
  const inserted = insertOnWire(document, noFacts, second?.id ?? '', 'dropout-1');
  expect(inserted && wires(inserted)).toEqual(['dropout-1>dense-1', 'embedding-1>dropout-1', 'token-input-1>embedding-1']);
  expect(insertOnWire(document, noFacts, first?.id ?? '', 'dropout-1')).toBeNull();
  expect(insertOnWire(document, noFacts, second?.id ?? '', 'lstm-cell-1')).toBeNull();
});

test('a node is not put into a wire that it has, that is not there, or with its input taken; nor where the wire behind it is refused', () => {
  let document = build('dense', 'dense', 'dropout', 'dense', 'embedding');
  document = wire(document, 'dense-1', 'output', 'dense-2', 'input');
  document = wire(document, 'dense-3', 'output', 'dropout-1', 'input');
  const [first, second] = document.edges;
  const put = (wireId: string | undefined, node: string) => insertOnWire(document, noFacts, wireId ?? '', node);
  expect(put(first?.id, 'dense-1')).toBeNull();
  expect(put(first?.id, 'dense-2')).toBeNull();
  expect(put('gone', 'dense-3')).toBeNull();
  expect(put(first?.id, 'gone')).toBeNull();
  expect(put(first?.id, 'dropout-1')).toBeNull();
  expect(put(first?.id, 'embedding-1')).toBeNull();
  expect(put(second?.id, 'dense-1')).not.toBeNull();
  // It takes the sequence, but gives a vector where a sequence went.
  let steps = build('token-input', 'embedding', 'gru-cell', 'recurrent', 'recurrent');
  steps = setParams(steps, 'recurrent-2', { output: 'last' });
  for (const n of ['1', '2']) steps = wire(steps, 'gru-cell-1', 'cell', `recurrent-${n}`, 'cell');
  steps = wire(steps, 'token-input-1', 'tokens', 'embedding-1', 'tokens');
  steps = wire(steps, 'embedding-1', 'sequence', 'recurrent-1', 'sequence');
  const id = steps.edges.at(-1)?.id ?? '';
  expect(insertOnWire(steps, noFacts, id, 'recurrent-2')).toBeNull();
  expect(insertOnWire(setParams(steps, 'recurrent-2', { output: 'every-step' }), noFacts, id, 'recurrent-2')).not.toBeNull();
});

test('a node that changes the width is put before an Add as if the wire that it is put into were gone', () => {
  let document = setParams(build('token-input', 'embedding', 'add', 'dense'), 'dense-1', { units: 5 });
  document = wire(document, 'token-input-1', 'tokens', 'embedding-1', 'tokens');
  document = wire(document, 'embedding-1', 'sequence', 'add-1', 'inputs');
  const inserted = insertOnWire(document, noFacts, document.edges[1]?.id ?? '', 'dense-1');
  expect(inserted && wires(inserted)).toEqual(['dense-1>add-1', 'embedding-1>dense-1', 'token-input-1>embedding-1']);
  const beside = wire(addNode(document, 'embedding', at).document, 'token-input-1', 'tokens', 'embedding-2', 'tokens');
  const two = wire(beside, 'embedding-2', 'sequence', 'add-1', 'inputs');
  expect(insertOnWire(two, noFacts, document.edges[1]?.id ?? '', 'dense-1')).toBeNull();
});

test('nodes and notes are moved, within the canvas, and others are left', () => {
  const document = addComment(build('dense', 'dense'), at).document;
  const moved = moveTo(
    document,
    new Map([
      ['dense-1', { x: 5, y: 7 }],
      ['comment-1', { x: 2e6, y: -2e6 }],
    ]),
  );
  expect(moved.nodes[0]?.position).toEqual({ x: 5, y: 7 });
  expect(moved.nodes[1]).toBe(document.nodes[1]);
  expect(moved.comments[0]?.position).toEqual({ x: 1e6, y: -1e6 });
  const { x, y } = document.nodes[0]?.position ?? at;
  expect(moveTo(document, new Map([['dense-1', { x: x + 1, y }]])).nodes[0]?.position).toEqual({ x: x + 1, y });
  expect(moveTo(document, new Map([['dense-1', { x, y: y + 1 }]])).nodes[0]?.position).toEqual({ x, y: y + 1 });
  expect(moveTo(document, new Map([['comment-1', { x: 3, y: 4 }]])).comments[0]?.position).toEqual({ x: 3, y: 4 });
  // What is put where it was is no change, and no step to undo.
  expect(moveTo(document, new Map([['dense-1', { x, y }]]))).toBe(document);
});

test('settings and notes are changed where they are named, and keep the rest', () => {
  const document = addComment(addComment(build('dense', 'dense'), at).document, at).document;
  const wider = setParams(document, 'dense-2', { units: 7 });
  expect(wider.nodes[1]?.params).toEqual({ ...document.nodes[1]?.params, units: 7 });
  expect(wider.nodes[0]).toBe(document.nodes[0]);
  const noted = setComment(document, 'comment-2', { text: 'why' });
  expect(noted.comments[1]).toEqual({ ...document.comments[1], text: 'why' });
  expect(noted.comments[0]).toBe(document.comments[0]);
});

test('moving to the same place is no edit', () => {
  const document = build('dense');
  expect(moveTo(document, new Map([['dense-1', document.nodes[0]?.position ?? at]]))).toBe(document);
});

test('an empty name gives the title back', () => {
  const named = setLabel(build('dense'), 'dense-1', 'My layer');
  expect(named.nodes[0]?.label).toBe('My layer');
  expect(setLabel(build('dense', 'dense'), 'dense-2', 'b').nodes.map(({ label }) => label)).toEqual([undefined, 'b']);
  expect(setLabel(named, 'dense-1', 'x'.repeat(300)).nodes[0]?.label).toHaveLength(200);
  expect(setLabel(named, 'dense-1', ' ').nodes[0]).not.toHaveProperty('label');
});

test('copy and paste keeps the wires inside the selection, with new ids', () => {
  let document = wire(build('lstm-cell', 'recurrent', 'dense'), 'lstm-cell-1', 'cell', 'recurrent-1', 'cell');
  document = wire(document, 'recurrent-1', 'output', 'dense-1', 'input');
  document = addComment(document, at).document;
  const clip = copyItems(document, new Set(['lstm-cell-1', 'recurrent-1', 'comment-1']));
  const read = parseClip(JSON.stringify(clip));
  if (!read) throw new Error('the clip does not parse');
  const pasted = paste(document, read, { x: 10, y: 10 });
  if (!pasted.ok) throw new Error(pasted.message);
  expect([...pasted.ids].sort()).toEqual(['comment-2', 'lstm-cell-2', 'recurrent-2']);
  expect(wires(pasted.document)).toEqual(['lstm-cell-1>recurrent-1', 'lstm-cell-2>recurrent-2', 'recurrent-1>dense-1']);
  expect(unrollDocument.safeParse(pasted.document).success).toBe(true);
  const placeOf = (id: string) =>
    [...pasted.document.nodes, ...pasted.document.comments].find((item) => item.id === id)?.position;
  const moved = (id: string) => ({ x: (placeOf(id)?.x ?? 0) + 10, y: (placeOf(id)?.y ?? 0) + 10 });
  expect(placeOf('recurrent-2')).toEqual(moved('recurrent-1'));
  expect(placeOf('comment-2')).toEqual(moved('comment-1'));
  expect(pasted.document.comments.map(({ id }) => id)).toEqual(['comment-1', 'comment-2']);
});

test('what is not chosen is not copied', () => {
  let document = wire(build('lstm-cell', 'recurrent', 'dense'), 'lstm-cell-1', 'cell', 'recurrent-1', 'cell');
  document = wire(document, 'recurrent-1', 'output', 'dense-1', 'input');
  document = addComment(addComment(document, at).document, at).document;
  expect(copyItems(document, new Set())).toBeNull();
  expect(copyItems(document, new Set([document.edges[0]?.id ?? '']))).toBeNull();
  expect(copyItems(document, new Set(['comment-2']))).toMatchObject({ nodes: [], edges: [], comments: [{ id: 'comment-2' }] });
  expect(copyItems(document, new Set(['dense-1']))).toMatchObject({ nodes: [{ id: 'dense-1' }], edges: [], comments: [] });
  expect(copyItems(document, new Set(['recurrent-1', 'comment-1']))).toMatchObject({
    edges: [],
    comments: [{ id: 'comment-1' }],
  });
});

test('a clip of another program brings no wire to a node that it does not bring', () => {
  const edge = (from: string, to: string) => ({
    id: `${from}-${to}`,
    from: { node: from, port: 'output' },
    to: { node: to, port: 'input' },
  });
  const clip = {
    format: 'unroll-clip' as const,
    nodes: build('dense').nodes,
    edges: [edge('dense-1', 'dense-2'), edge('dense-2', 'dense-1'), edge('dense-1', 'dense-1')],
    comments: [],
    frames: [],
    blocks: [],
  };
  const pasted = paste(build('dense', 'dense'), clip, at);
  expect(pasted.ok && wires(pasted.document)).toEqual(['dense-3>dense-3']);
});

test('a clip is read up to the size of a document', () => {
  const text = JSON.stringify(copyItems(build('dense'), new Set(['dense-1'])));
  expect(parseClip(text.padEnd(documentLimits.bytes))).not.toBeNull();
  expect(parseClip(text.padEnd(documentLimits.bytes + 1))).toBeNull();
});

test('other text on the clipboard is not a clip', () => {
  for (const text of ['hello', '{}', '{"format":"unroll-clip"}', '[1', '{"format":"unroll-clip","nodes":[{"id":"<script>"}]}']) {
    expect(parseClip(text)).toBeNull();
  }
});
