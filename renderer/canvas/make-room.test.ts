import { describe, expect, it } from 'vitest';
import { emptyDocument, type UnrollDocument } from '../../engine/document/schema.ts';
import { addComment, addNode, connect, insertOnWire } from '../../engine/graph/edit.ts';
import { noFacts } from '../../engine/graph/infer-shapes.ts';
import type { LayerKindName } from '../../engine/layers/registry.ts';
import { cardSize, makeRoom } from './make-room.ts';

/** Embedding → Recurrent with a cell below → Dense softmax, each `step` px after the one before; a dropout that was dropped at `x`. */
function dropped(step: number, x: number): { document: UnrollDocument; id: string } {
  let document = emptyDocument();
  const add = (kind: LayerKindName, at: number, y: number): string => {
    const added = addNode(document, kind, { x: at, y });
    document = added.document;
    return added.id;
  };
  const embedding = add('embedding', 0, 0);
  const recurrent = add('recurrent', step, 0);
  const cell = add('gru-cell', step, 150);
  const head = add('dense-softmax', 2 * step, 0);
  const wire = (from: string, output: string, to: string, input: string): void => {
    document = connect(document, { node: from, port: output }, { node: to, port: input });
  };
  wire(embedding, 'sequence', recurrent, 'sequence');
  wire(cell, 'cell', recurrent, 'cell');
  wire(recurrent, 'output', head, 'input');
  document = addComment(document, { x: 0, y: 300 }).document;
  const id = add('dropout', x, 11);
  const into = document.edges.find((e) => e.to.node === recurrent && e.from.node === embedding)?.id ?? '';
  const inserted = insertOnWire(document, noFacts, into, id);
  if (!inserted) throw new Error('the wire takes no dropout');
  return { document: inserted, id };
}

const placesOf = ({ nodes, comments }: UnrollDocument) =>
  Object.fromEntries([...nodes, ...comments].map(({ id, position }) => [id.replace(/-\d+$/, ''), position.x]));

describe('room for a node in a wire', () => {
  it('moves what comes after it, cells with their wrappers, and nothing else', () => {
    const { document, id } = dropped(234, 150);
    const before = placesOf(document);
    const after = placesOf(makeRoom(document, id, new Map()));
    const width = cardSize.width;
    expect(after['dropout']).toBe((before['embedding'] ?? 0) + width + 56);
    const moved = (after['recurrent'] ?? 0) - (before['recurrent'] ?? 0);
    expect(after['recurrent']).toBe((after['dropout'] ?? 0) + width + 56);
    expect((after['gru-cell'] ?? 0) - (before['gru-cell'] ?? 0)).toBe(moved);
    expect((after['dense-softmax'] ?? 0) - (before['dense-softmax'] ?? 0)).toBe(moved);
    expect(after['embedding']).toBe(before['embedding']);
    expect(after['comment']).toBe(before['comment']);
  });

  it('leaves everything where there is room already, in line with the neighbours', () => {
    const { document, id } = dropped(700, 350);
    const made = makeRoom(document, id, new Map());
    expect(placesOf(made)).toEqual(placesOf(document));
    expect(made.nodes.find((n) => n.id === id)?.position.y).toBe(0);
    expect(makeRoom(made, id, new Map())).toBe(made);
  });

  it('pulls a node back that lies on its successor, before it pushes', () => {
    const { document, id } = dropped(700, 660);
    const after = placesOf(makeRoom(document, id, new Map()));
    expect(after['recurrent']).toBe(placesOf(document)['recurrent']);
    expect(after['dropout']).toBe((after['recurrent'] ?? 0) - cardSize.width - 56);
  });

  it('knows how wide the cards are', () => {
    const { document, id } = dropped(234, 150);
    const wide = new Map([[id, { width: 300, height: 62 }]]);
    const places = placesOf(makeRoom(document, id, wide));
    expect((places['recurrent'] ?? 0) - (places['dropout'] ?? 0)).toBe(300 + 56);
  });
});
