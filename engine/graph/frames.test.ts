import { expect, test } from 'vitest';
import { emptyDocument, type UnrollDocument, unrollDocument } from '../document/schema.ts';
import { moveTo, remove } from './edit.ts';
import { addFrame, frameMembers, setFrame } from './frames.ts';

const node = (id: string, x: number, y: number) => ({ id, kind: 'dense', params: {}, position: { x, y } });
const cardSize = () => ({ width: 200, height: 100 });
const nothing: ReadonlySet<string> = new Set();

const graph = (): UnrollDocument => ({
  ...emptyDocument(),
  nodes: [node('a', 100, 100), node('b', 400, 200), node('far', 2_000, 0)],
  comments: [{ id: 'note', text: '', position: { x: 120, y: 320 }, size: { width: 100, height: 50 } }],
});

const framed = () => addFrame(graph(), { x: 0, y: 0 }, new Set(['a', 'b']), cardSize);

test('a frame is drawn around what is chosen, with room for its title', () => {
  const { document, id } = framed();
  expect(document.frames).toEqual([
    { id, title: '', colour: 'grey', position: { x: 67, y: 34 }, size: { width: 566, height: 299 } },
  ]);
  expect(unrollDocument.safeParse(document).success).toBe(true);
  const empty = addFrame(document, { x: 1, y: 2 }, nothing, cardSize);
  expect(empty.id).toBe('frame-2');
  expect(empty.document.frames[1]?.position).toEqual({ x: 0, y: 0 });
});

test('what has its middle in a frame lies in it', () => {
  const { document, id } = framed();
  const members = (graph_: UnrollDocument) => [...frameMembers(graph_, id, cardSize)].sort();
  expect(members(document)).toEqual(['a', 'b']);
  // The middle of `a` lies at 200, 150; of the note at 170, 345.
  expect(members(moveTo(document, new Map([[id, { x: 200, y: 150 }]])))).toEqual(['a', 'b']);
  expect(members(moveTo(document, new Map([[id, { x: 201, y: 150 }]])))).toEqual(['b']);
  expect(members(moveTo(document, new Map([[id, { x: 67, y: 46 }]])))).toEqual(['a', 'b', 'note']);
  expect(members(setFrame(document, id, { size: { width: 432, height: 165 } }))).toEqual(['a']);
  expect(members(setFrame(document, id, { size: { width: 433, height: 216 } }))).toEqual(['a', 'b']);
  expect([...frameMembers(document, 'none', cardSize)]).toEqual([]);
  expect([...frameMembers(document, id, () => undefined)]).toEqual(['a', 'b']);
});

test('of two frames over each other, the smaller lies in the larger', () => {
  const { document, id } = framed();
  const inner = addFrame(document, { x: 0, y: 0 }, new Set(['a']), cardSize);
  expect(frameMembers(inner.document, id, cardSize).has(inner.id)).toBe(true);
  expect(frameMembers(inner.document, inner.id, cardSize).has(id)).toBe(false);
  const same = setFrame(inner.document, inner.id, document.frames[0] ?? {});
  expect(frameMembers(same, id, cardSize).has(inner.id)).toBe(false);
});

test('a frame is named, moved and removed; what lay in it stays', () => {
  const { document, id } = framed();
  const named = setFrame(document, id, { title: 'Encoder', colour: 'blue' });
  expect(named.frames[0]).toMatchObject({ title: 'Encoder', colour: 'blue', size: document.frames[0]?.size });
  const moved = moveTo(named, new Map([[id, { x: 5, y: 6 }]]));
  expect(moved.frames[0]?.position).toEqual({ x: 5, y: 6 });
  expect(moveTo(moved, new Map([[id, { x: 5, y: 6 }]]))).toBe(moved);
  const removed = remove(named, new Set([id]));
  expect([removed.frames, removed.nodes]).toEqual([[], named.nodes]);
});
