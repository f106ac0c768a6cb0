import { expect, test } from 'vitest';
import { emptyDocument, type UnrollDocument } from '../../engine/document/schema.ts';
import { addNode, connect } from '../../engine/graph/edit.ts';
import { noFacts } from '../../engine/graph/infer-shapes.ts';
import { findLayer, layerKinds } from '../../engine/layers/registry.ts';
import { layerParts } from './parts.ts';
import { endsAt, portId, possibleEnds, possibleParts, wireMovedTo } from './port-choices.ts';

function withNodes(...kinds: Parameters<typeof addNode>[1][]): UnrollDocument {
  return kinds.reduce((document, kind) => addNode(document, kind, { x: 0, y: 0 }).document, emptyDocument());
}
const names = (ends: ReturnType<typeof possibleEnds>): string[] => ends.map((e) => portId(e.port, e.direction));

test('tokens go into an embedding or a one-hot, not into a wrapper', () => {
  const document = withNodes('token-input', 'embedding', 'one-hot', 'recurrent', 'dense');
  const ends = names(possibleEnds(document, noFacts, { node: 'token-input-1', port: 'tokens' }, 'output'));
  expect(ends).toEqual(['input/embedding-1/tokens', 'input/one-hot-1/tokens']);
});

test('a cell goes to every wrapper, also to one that has a cell already', () => {
  const document = connect(
    withNodes('lstm-cell', 'gru-cell', 'recurrent', 'bidirectional'),
    { node: 'lstm-cell-1', port: 'cell' },
    { node: 'recurrent-1', port: 'cell' },
  );
  const ends = names(possibleEnds(document, noFacts, { node: 'gru-cell-1', port: 'cell' }, 'output'));
  expect(ends).toEqual(['input/recurrent-1/cell', 'input/bidirectional-1/cell']);
});

test('looked for from an input, the ends are outputs', () => {
  const document = withNodes('lstm-cell', 'token-input', 'recurrent');
  const ends = names(possibleEnds(document, noFacts, { node: 'recurrent-1', port: 'cell' }, 'input'));
  expect(ends).toEqual(['output/lstm-cell-1/cell']);
});

test('a wire that would close a loop is not offered', () => {
  const document = connect(
    withNodes('dense', 'dropout'),
    { node: 'dense-1', port: 'output' },
    { node: 'dropout-1', port: 'input' },
  );
  expect(possibleEnds(document, noFacts, { node: 'dropout-1', port: 'output' }, 'output')).toEqual([]);
});

test('new nodes offered for a token wire take tokens', () => {
  const fits = possibleParts(layerParts, withNodes('token-input'), noFacts, { node: 'token-input-1', port: 'tokens' }, 'output');
  expect(fits.map(({ part, port, label }) => [part.kind, port, label])).toEqual([
    ['embedding', 'tokens', 'tokens'],
    ['one-hot', 'tokens', 'tokens'],
  ]);
});

test('new nodes are offered at each of their ports that fits, and into an input those that give what it takes', () => {
  const after = possibleParts(layerParts, withNodes('embedding'), noFacts, { node: 'embedding-1', port: 'sequence' }, 'output');
  expect(after.filter(({ part }) => part.kind === 'decoder').map(({ port }) => port)).toEqual(['sequence', 'memory']);
  const cells = possibleParts(layerParts, withNodes('recurrent'), noFacts, { node: 'recurrent-1', port: 'cell' }, 'input');
  expect(cells.map(({ part }) => part.kind).sort()).toEqual(
    layerKinds.filter((kind) => findLayer(kind)?.family === 'cell').sort(),
  );
});

test('dragging a wired cell port onto another cell’s port moves its wire; without a wire nothing moves', () => {
  const to = { node: 'recurrent-1', port: 'cell' };
  const document = connect(withNodes('lstm-cell', 'gru-cell', 'recurrent'), { node: 'gru-cell-1', port: 'cell' }, to);
  const lstm = { node: 'lstm-cell-1', port: 'cell' };
  expect(wireMovedTo(document, { node: 'gru-cell-1', port: 'cell' }, lstm, 'output')).toMatchObject({ from: lstm, to });
  expect(wireMovedTo(document, lstm, { node: 'gru-cell-1', port: 'cell' }, 'output')).toBeNull();
});

test('let go of on a node, a wire goes to the one port that fits, before all to an input without a wire', () => {
  const graph = withNodes('token-input', 'embedding', 'recurrent', 'decoder');
  const from = { node: 'embedding-1', port: 'sequence' };
  const at = (document: UnrollDocument, node: string) => endsAt(document, noFacts, from, 'output', node).map(({ port }) => port);
  expect(at(graph, 'recurrent-1')).toEqual(['sequence']);
  expect(at(graph, 'token-input-1')).toEqual([]);
  expect(at(graph, 'decoder-1')).toEqual(['sequence', 'memory']);
  const half = connect(graph, from, { node: 'decoder-1', port: 'sequence' });
  expect(at(half, 'decoder-1')).toEqual(['memory']);
  const whole = connect(half, from, { node: 'decoder-1', port: 'memory' });
  expect(at(whole, 'decoder-1')).toEqual([]);
});
