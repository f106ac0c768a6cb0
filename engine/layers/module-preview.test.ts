import { expect, test } from 'vitest';
import { emptyDocument, type UnrollDocument } from '../document/schema.ts';
import { inferShapes, noFacts } from '../shapes/infer-shapes.ts';
import type { DataFacts } from './layer.ts';
import { modulePreview } from './module-preview.ts';

function tagger(): UnrollDocument {
  const node = (kind: string) => ({ id: `${kind}-1`, kind, params: {}, position: { x: 0, y: 0 } });
  const wire = (a: string, p: string, b: string, q: string) => ({
    id: `${a}-${b}`,
    from: { node: `${a}-1`, port: p },
    to: { node: `${b}-1`, port: q },
  });
  return {
    ...emptyDocument(),
    nodes: ['token-input', 'embedding', 'bidirectional', 'lstm-cell'].map(node),
    edges: [
      wire('token-input', 'tokens', 'embedding', 'tokens'),
      wire('embedding', 'sequence', 'bidirectional', 'sequence'),
      wire('lstm-cell', 'cell', 'bidirectional', 'cell'),
    ],
  };
}
const facts: DataFacts = { ...noFacts, vocabulary: 500 };
const snippet = (document: UnrollDocument, f: DataFacts, id: string): string | null =>
  modulePreview(document, inferShapes(document, f), f, id);

test('a cell and its wrapper show the same module, with the widths that are wired', () => {
  const document = tagger();
  const text = snippet(document, facts, 'bidirectional-1');
  expect(text?.replaceAll(/\s+/g, ' ')).toBe('nn.LSTM( 64, 128, batch_first=True, bidirectional=True, )');
  expect(snippet(document, facts, 'lstm-cell-1')).toBe(text);
});

test('an embedding waits for its vocabulary', () => {
  expect(snippet(tagger(), noFacts, 'embedding-1')).toBeNull();
  expect(snippet(tagger(), facts, 'embedding-1')).toContain('nn.Embedding(');
});

test('an input is no module', () => {
  expect(snippet(tagger(), facts, 'token-input-1')).toBeNull();
});
