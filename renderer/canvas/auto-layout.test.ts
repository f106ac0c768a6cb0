import { expect, test } from 'vitest';
import { addComment, addNode, connect } from '../../engine/document/edit.ts';
import { emptyDocument, type UnrollDocument } from '../../engine/document/schema.ts';
import type { LayerKindName } from '../../engine/layers/registry.ts';
import { autoLayout } from './auto-layout.ts';

function graph(): { document: UnrollDocument; ids: Record<string, string> } {
  let document = emptyDocument();
  const ids: Record<string, string> = {};
  const kinds: LayerKindName[] = ['token-input', 'embedding', 'bidirectional', 'lstm-cell', 'dense-softmax'];
  for (const kind of kinds) {
    const added = addNode(document, kind, { x: 0, y: 0 });
    document = added.document;
    ids[kind] = added.id;
  }
  const wire = (a: string, p: string, b: string, q: string): void => {
    document = connect(document, { node: ids[a] ?? '', port: p }, { node: ids[b] ?? '', port: q });
  };
  wire('token-input', 'tokens', 'embedding', 'tokens');
  wire('embedding', 'sequence', 'bidirectional', 'sequence');
  wire('lstm-cell', 'cell', 'bidirectional', 'cell');
  wire('bidirectional', 'output', 'dense-softmax', 'input');
  return { document, ids };
}

test('the path runs left to right in a line, the cell lies under its wrapper', () => {
  const { document, ids } = graph();
  const places = autoLayout(document, new Map());
  const at = (kind: string): { x: number; y: number } => places.get(ids[kind] ?? '') ?? { x: Number.NaN, y: Number.NaN };
  const xs = ['token-input', 'embedding', 'bidirectional', 'dense-softmax'].map((kind) => at(kind).x);
  expect(xs).toEqual([...xs].sort((a, b) => a - b));
  expect(new Set(xs).size).toBe(4);
  expect(at('bidirectional').y).toBe(at('embedding').y);
  expect(at('lstm-cell').x).toBe(at('bidirectional').x);
  expect(at('lstm-cell').y).toBeGreaterThan(at('bidirectional').y + 62);
});

test('no two of many nodes overlap', () => {
  let document = emptyDocument();
  for (let i = 0; i < 40; i++) document = addNode(document, i % 2 ? 'dense' : 'lstm-cell', { x: 0, y: 0 }).document;
  const places = [...autoLayout(document, new Map()).values()];
  for (const [i, a] of places.entries()) {
    for (const b of places.slice(i + 1)) {
      expect(Math.abs(a.x - b.x) >= 178 || Math.abs(a.y - b.y) >= 62).toBe(true);
    }
  }
});

test('a note over a card moves below the graph, another stays', () => {
  const { document } = graph();
  const noted = addComment(addComment(document, autoLayout(document, new Map()).get('embedding-1') ?? { x: 0, y: 0 }).document, {
    x: -900,
    y: -900,
  }).document;
  const places = autoLayout(noted, new Map());
  const bottom = Math.max(...document.nodes.map((n) => (places.get(n.id)?.y ?? 0) + 62));
  expect(places.get('comment-1')?.y).toBeGreaterThan(bottom);
  expect(places.has('comment-2')).toBe(false);
});
