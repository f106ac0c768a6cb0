import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyDocument, type UnrollDocument } from '../../engine/document/schema.ts';
import { copyItems, paste } from '../../engine/graph/clipboard.ts';
import { insertOnWire } from '../../engine/graph/edit.ts';
import { noFacts } from '../../engine/graph/infer-shapes.ts';
import { cardRect, commentRect, commentsAside, heightFor, overlaps } from './comments-aside.ts';
import { makeRoom } from './make-room.ts';

const at = (range: number) =>
  fc.record({ x: fc.integer({ min: -range, max: range }), y: fc.integer({ min: -range, max: range }) });
const comment = fc.record({
  text: fc.constant('why'),
  position: at(600),
  size: fc.record({ width: fc.integer({ min: 40, max: 400 }), height: fc.integer({ min: 24, max: 300 }) }),
});

/** A chain of sequence layers with comments among them. */
const graphs: fc.Arbitrary<UnrollDocument> = fc
  .record({ places: fc.array(at(500), { minLength: 3, maxLength: 8 }), notes: fc.array(comment, { maxLength: 5 }) })
  .map(({ places, notes }) => ({
    ...emptyDocument(),
    nodes: places.map((position, i) => ({ id: `n${i}`, kind: 'dropout', params: {}, position })),
    edges: places.slice(2).map((_, i) => ({
      id: `w${i}`,
      from: { node: `n${i}`, port: 'output' },
      to: { node: `n${i + 1}`, port: 'input' },
    })),
    comments: notes.map((note, i) => ({ id: `c${i}`, ...note })),
  }));

/** Which comment lies on which node, as `comment node`. */
function covers(document: UnrollDocument): readonly string[] {
  const { nodes, comments } = document;
  return comments.flatMap((note) =>
    nodes
      .filter((node) => overlaps(commentRect(note), cardRect(document, node, new Map())))
      .map((node) => `${note.id} ${node.id}`),
  );
}

/** What an edit has done to comments: none has come to lie on a node by it, and nothing else of it is undone. */
function expectAside(before: UnrollDocument, edited: UnrollDocument): void {
  const after = commentsAside(before, edited, new Map());
  const known = new Set(covers(before));
  expect(covers(after).filter((pair) => !known.has(pair))).toEqual([]);
  expect(after.nodes).toEqual(edited.nodes);
  expect(after.comments.map(({ position: _, ...kept }) => kept)).toEqual(edited.comments.map(({ position: _, ...kept }) => kept));
}

describe('comments never come to lie on nodes', () => {
  it('when copies are pasted', () => {
    fc.assert(
      fc.property(graphs, fc.integer({ min: 1, max: 20 }), (document, times) => {
        const clip = copyItems(document, new Set([...document.nodes, ...document.comments].map(({ id }) => id)));
        const pasted = clip && paste(document, clip, { x: 33 * times, y: 33 * times });
        if (pasted?.ok) expectAside(document, pasted.document);
      }),
    );
  });

  it('when room is made for a node that is put into a wire', () => {
    let moved = 0;
    fc.assert(
      fc.property(graphs, (document) => {
        const id = document.nodes.at(-1)?.id ?? '';
        const inserted = insertOnWire(document, noFacts, 'w0', id);
        if (!inserted) return;
        moved++;
        expectAside(document, makeRoom(inserted, id, new Map()));
      }),
    );
    expect(moved).toBeGreaterThan(50);
  });
});

const templates = import.meta.glob<{ document: UnrollDocument }>('../../templates/*/template.json', { eager: true });

it.each(Object.entries(templates))('no comment lies on a node in %s', (_name, { document }) => {
  expect(document.comments.length).toBeGreaterThan(0);
  expect(covers(document)).toEqual([]);
});

it('a comment that a person has put on a node stays there', () => {
  const position = { x: 0, y: 0 };
  const document: UnrollDocument = {
    ...emptyDocument(),
    nodes: [{ id: 'n', kind: 'dense', params: {}, position }],
    comments: [{ id: 'c', text: '', position, size: { width: 100, height: 50 } }],
  };
  expect(commentsAside(document, document, new Map())).toBe(document);
});

it('is put down beside, no further than it must', () => {
  const before: UnrollDocument = {
    ...emptyDocument(),
    comments: [{ id: 'c', text: '', position: { x: 0, y: 0 }, size: { width: 100, height: 50 } }],
  };
  const after = { ...before, nodes: [{ id: 'n', kind: 'dense', params: {}, position: { x: 80, y: 0 } }] };
  const [note] = commentsAside(before, after, new Map()).comments;
  expect(note?.position).toEqual({ x: -44, y: 0 });
});

describe('a comment whose text has grown', () => {
  const note = (id: string, x: number, y: number) => ({ id, text: '', position: { x, y }, size: { width: 200, height: 100 } });
  const own = note('own', 0, 0);
  const node = (x: number, y: number) => ({ id: 'n', kind: 'dropout', params: {}, position: { x, y } });
  const height = (more: number, others: Partial<UnrollDocument>): number =>
    heightFor(own, more, { ...emptyDocument(), comments: [own], ...others }, new Map([['n', { width: 150, height: 60 }]]));

  it('is so much higher where nothing lies below it', () => {
    expect(height(250, {})).toBe(350);
    expect(height(250, { nodes: [node(200, 150)] }), 'beside it').toBe(350);
    expect(height(250, { nodes: [node(-150, 150)] }), 'beside it').toBe(350);
    expect(height(250, { nodes: [node(0, -80)] }), 'above it').toBe(350);
    expect(height(0, {})).toBe(100);
  });

  it('stays above the next card or comment below it', () => {
    expect(height(250, { nodes: [node(199, 180)] })).toBe(180 - 16);
    expect(height(250, { comments: [own, note('other', -100, 140)], nodes: [node(0, 180)] })).toBe(140 - 16);
    expect(height(30, { nodes: [node(0, 180)] })).toBe(130);
    expect(height(250, { nodes: [node(0, 105)] }), 'no lower than it is').toBe(100);
  });
});
