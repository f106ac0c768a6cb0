import { expect, test } from 'vitest';
import { emptyDocument, type UnrollDocument } from '../document/schema.ts';
import { inferShapes, noFacts } from '../graph/infer-shapes.ts';
import type { DataFacts } from '../shapes/data-facts.ts';
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

test('a stack is one module where PyTorch has it, else a named module for each layer', () => {
  const deep = (params: Record<string, string | number | boolean>): string | null => {
    const document = tagger();
    const nodes = document.nodes.map((node) => (node.kind === 'bidirectional' ? { ...node, params } : node));
    return snippet({ ...document, nodes }, facts, 'bidirectional-1')?.replaceAll(/\s+/g, ' ') ?? null;
  };
  expect(deep({ layers: 2, dropout: 0.1 })).toBe(
    'nn.LSTM( 64, 128, num_layers=2, batch_first=True, dropout=0.1, bidirectional=True, )',
  );
  expect(deep({ layers: 2, residual: true })).toBe(
    'bidirectional_l0 = nn.LSTM( 64, 128, batch_first=True, bidirectional=True, ) ' +
      'bidirectional_l1 = nn.LSTM( 256, 128, batch_first=True, bidirectional=True, )',
  );
});

test('an embedding waits for its vocabulary', () => {
  expect(snippet(tagger(), noFacts, 'embedding-1')).toBeNull();
  expect(snippet(tagger(), facts, 'embedding-1')).toContain('nn.Embedding(');
});

test('an input is no module', () => {
  expect(snippet(tagger(), facts, 'token-input-1')).toBeNull();
});
