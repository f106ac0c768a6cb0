import { expect, test } from 'vitest';
import type { LayerKindName } from '../layers/registry.ts';
import { noFacts } from '../shapes/infer-shapes.ts';
import { copyItems, parseClip, paste } from './clipboard.ts';
import { addComment, addNode, connect, insertOnWire, moveTo, moveWire, remove, removeAndHeal, setLabel } from './edit.ts';
import { emptyDocument, type UnrollDocument, unrollDocument } from './schema.ts';

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

test('a second wire into a single port replaces the first; a many port keeps both', () => {
  let document = build('lstm-cell', 'gru-cell', 'recurrent', 'dense', 'dense', 'concat');
  document = wire(wire(document, 'lstm-cell-1', 'cell', 'recurrent-1', 'cell'), 'gru-cell-1', 'cell', 'recurrent-1', 'cell');
  expect(wires(document)).toEqual(['gru-cell-1>recurrent-1']);
  document = wire(wire(document, 'dense-1', 'output', 'concat-1', 'inputs'), 'dense-2', 'output', 'concat-1', 'inputs');
  expect(wires(document)).toEqual(['dense-1>concat-1', 'dense-2>concat-1', 'gru-cell-1>recurrent-1']);
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

test('moving to the same place is no edit', () => {
  const document = build('dense');
  expect(moveTo(document, new Map([['dense-1', document.nodes[0]?.position ?? at]]))).toBe(document);
});

test('an empty name gives the title back', () => {
  const named = setLabel(build('dense'), 'dense-1', 'My layer');
  expect(named.nodes[0]?.label).toBe('My layer');
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
  expect([...pasted.ids].sort()).toEqual(['comment-2', 'lstm-cell-2', 'recurrent-2']);
  expect(wires(pasted.document)).toEqual(['lstm-cell-1>recurrent-1', 'lstm-cell-2>recurrent-2', 'recurrent-1>dense-1']);
  expect(unrollDocument.safeParse(pasted.document).success).toBe(true);
});

test('other text on the clipboard is not a clip', () => {
  for (const text of ['hello', '{}', '{"format":"unroll-clip"}', '[1', '{"format":"unroll-clip","nodes":[{"id":"<script>"}]}']) {
    expect(parseClip(text)).toBeNull();
  }
});
