import { expect, test } from 'vitest';
import { emptyDocument, type UnrollDocument } from '../../engine/document/schema.ts';
import { addNode, connect, moveTo, setParams } from '../../engine/graph/edit.ts';
import { noFacts } from '../../engine/graph/infer-shapes.ts';
import { type Added, addBeside, addWired } from './add-layer.ts';

type Kind = Parameters<typeof addNode>[1];

/** Nodes in a row. */
function withNodes(...kinds: Kind[]): UnrollDocument {
  return kinds.reduce((document, kind, i) => addNode(document, kind, { x: 440 * i, y: 0 }).document, emptyDocument());
}
function beside(document: UnrollDocument, kind: Kind, ...others: string[]): Added {
  const added = addNode(document, kind, { x: 0, y: 0 });
  return addBeside({ ...added, facts: noFacts, sizes: new Map() }, added.id, others, false);
}
const wires = ({ document }: { readonly document: UnrollDocument }): string[] =>
  document.edges.map(({ from, to }) => `${from.node}.${from.port} > ${to.node}.${to.port}`);
const placeOf = ({ document }: { readonly document: UnrollDocument }, id: string) =>
  document.nodes.find((n) => n.id === id)?.position;

test('a chain is built by adding: each layer right of the last one, wired to it', () => {
  let document = withNodes('token-input');
  let last = 'token-input-1';
  for (const kind of ['embedding', 'recurrent', 'dense-softmax'] as const) {
    const added = beside(document, kind, last);
    expect(placeOf(added, added.id)).toEqual({ x: (placeOf(added, last)?.x ?? 0) + 178 + 56, y: 0 });
    ({ document, id: last } = added);
  }
  expect(wires({ document })).toEqual([
    'token-input-1.tokens > embedding-1.tokens',
    'embedding-1.sequence > recurrent-1.sequence',
    'recurrent-1.output > dense-softmax-1.input',
  ]);
});

test('among several wires none is guessed: all are told', () => {
  const added = beside(withNodes('recurrent'), 'decoder', 'recurrent-1');
  expect(wires(added)).toEqual([]);
  expect(added.open.map(({ from, to }) => `${from.port} > ${to.port}`)).toEqual([
    'output > sequence',
    'output > memory',
    'state > initial',
  ]);
});

test('a recurrent layer behind another takes its sequence, and not its state', () => {
  for (const first of ['recurrent', 'bidirectional', 'pyramid', 'decoder'] as const) {
    const added = beside(withNodes(first), 'recurrent', `${first}-1`);
    expect(wires(added)).toEqual([`${first}-1.output > ${added.id}.sequence`]);
    expect(added.open).toEqual([]);
  }
  // A bridge takes either of both, by one port.
  const bridge = beside(withNodes('recurrent'), 'bridge', 'recurrent-1');
  expect([wires(bridge), bridge.open.map(({ from }) => from.port)]).toEqual([[], ['output', 'state']]);
});

test('what can only give goes left, and takes no wire away', () => {
  const added = beside(withNodes('embedding'), 'token-input', 'embedding-1');
  expect(wires(added)).toEqual(['token-input-1.tokens > embedding-1.tokens']);
  expect(placeOf(added, 'token-input-1')).toEqual({ x: -178 - 56, y: 0 });
  const second = beside(added.document, 'target-input', 'embedding-1');
  expect(wires(second)).toEqual(['token-input-1.tokens > embedding-1.tokens']);
  expect(second.open).toEqual([]);
});

test('several selected nodes are all wired into a port that takes many; into one that takes one, none is', () => {
  const concat = beside(withNodes('embedding', 'one-hot'), 'concat', 'embedding-1', 'one-hot-1');
  expect(wires(concat)).toEqual(['embedding-1.sequence > concat-1.inputs', 'one-hot-1.sequence > concat-1.inputs']);
  expect(placeOf(concat, 'concat-1')?.x).toBe(440 + 178 + 56);
  const dense = beside(withNodes('embedding', 'one-hot'), 'dense', 'embedding-1', 'one-hot-1');
  expect([wires(dense), dense.open.length]).toEqual([[], 2]);
});

test('where something stands right of the selection, the new node goes below that, still right', () => {
  const document = moveTo(withNodes('embedding', 'dropout'), new Map([['dropout-1', { x: 234, y: 0 }]]));
  expect(placeOf(beside(document, 'dense', 'embedding-1'), 'dense-1')).toEqual({ x: 234, y: 88 });
  // A decoder has three inputs at its side, and is taller than other cards: 88 px down it would lie on what stands there.
  const tight = addNode(document, 'dropout', { x: 234, y: 165 }).document;
  expect(placeOf(beside(tight, 'dense', 'embedding-1'), 'dense-1')?.y).toBe(88);
  expect(placeOf(beside(tight, 'decoder', 'embedding-1'), 'decoder-1')?.y).toBe(242);
});

test('a node put somewhere by hand stays there, is wired where only one wire is possible, and replaces nothing', () => {
  const at = { x: 33, y: 330 };
  const byHand = (document: UnrollDocument, kind: Kind, other: string): Added => {
    const added = addNode(document, kind, at);
    return addBeside({ ...added, facts: noFacts, sizes: new Map() }, added.id, [other], true);
  };
  const dense = byHand(withNodes('embedding'), 'dense', 'embedding-1');
  expect([placeOf(dense, 'dense-1'), wires(dense)]).toEqual([at, ['embedding-1.sequence > dense-1.input']]);
  const lstm = byHand(withGru(), 'lstm-cell', 'recurrent-1');
  expect(wires(lstm)).toEqual(['gru-cell-1.cell > recurrent-1.cell']);
});

/** A wrapper that runs a GRU of width 48 below it. */
function withGru(): UnrollDocument {
  const nodes = moveTo(withNodes('recurrent', 'gru-cell'), new Map([['gru-cell-1', { x: 0, y: 118 }]]));
  const wired = connect(nodes, { node: 'gru-cell-1', port: 'cell' }, { node: 'recurrent-1', port: 'cell' });
  return setParams(wired, 'gru-cell-1', { hidden: 48, form: 'simplified' });
}

test('a cell for a wrapper without one goes below it', () => {
  const added = beside(withNodes('recurrent'), 'gru-cell', 'recurrent-1');
  expect(wires(added)).toEqual(['gru-cell-1.cell > recurrent-1.cell']);
  // Two inputs at the wrapper's side: 67 px high, and 56 px for the wire.
  expect(placeOf(added, 'gru-cell-1')).toEqual({ x: 0, y: 128 });
  expect(added.orphan).toBeNull();
});

test('a cell takes the place of a wrapper’s cell, with its width; the old one stands aside', () => {
  const added = beside(withGru(), 'lstm-cell', 'recurrent-1');
  expect(wires(added)).toEqual(['lstm-cell-1.cell > recurrent-1.cell']);
  expect(added.document.nodes.find((n) => n.id === 'lstm-cell-1')?.params).toMatchObject({ hidden: 48, forgetBias: 1 });
  expect(added.document.nodes.find((n) => n.id === 'lstm-cell-1')?.params).not.toHaveProperty('form');
  expect([added.orphan, added.kept]).toEqual(['gru-cell-1', ['hidden']]);
  expect(placeOf(added, 'lstm-cell-1')).toEqual({ x: 0, y: 118 });
  expect(placeOf(added, 'gru-cell-1')).toEqual({ x: 178 + 56, y: 118 });
});

test('settings of the same name are kept only where the new cell knows their value', () => {
  const added = beside(withGru(), 'gru-cell', 'recurrent-1');
  expect(added.document.nodes.find((n) => n.id === 'gru-cell-2')?.params).toEqual({
    hidden: 48,
    form: 'simplified',
    recurrentInitializer: 'uniform',
  });
});

test('a cell that another wrapper still runs is no orphan, and keeps its place', () => {
  const shared = connect(
    addNode(withGru(), 'bidirectional', { x: 880, y: 0 }).document,
    { node: 'gru-cell-1', port: 'cell' },
    { node: 'bidirectional-1', port: 'cell' },
  );
  const added = beside(shared, 'lstm-cell', 'recurrent-1');
  expect(wires(added)).toEqual(['lstm-cell-1.cell > recurrent-1.cell', 'gru-cell-1.cell > bidirectional-1.cell']);
  expect(added.orphan).toBeNull();
  expect(placeOf(added, 'gru-cell-1')).toEqual({ x: 0, y: 118 });
});

test('a cell that is there already takes over as a new one does; one that another wrapper runs keeps its own width', () => {
  const give = (document: UnrollDocument): Added =>
    addBeside({ document, facts: noFacts, sizes: new Map() }, 'lstm-cell-1', ['recurrent-1'], false);
  const free = addNode(withGru(), 'lstm-cell', { x: 3000, y: 3000 }).document;
  const given = give(setParams(free, 'lstm-cell-1', { hidden: 7 }));
  expect(wires(given)).toEqual(['lstm-cell-1.cell > recurrent-1.cell']);
  expect([given.orphan, given.kept, placeOf(given, 'lstm-cell-1')]).toEqual(['gru-cell-1', ['hidden'], { x: 0, y: 118 }]);
  const both = connect(
    addNode(free, 'bidirectional', { x: 880, y: 0 }).document,
    { node: 'lstm-cell-1', port: 'cell' },
    { node: 'bidirectional-1', port: 'cell' },
  );
  const shared = give(setParams(both, 'lstm-cell-1', { hidden: 7 }));
  expect(wires(shared)).toEqual(['lstm-cell-1.cell > recurrent-1.cell', 'lstm-cell-1.cell > bidirectional-1.cell']);
  expect(shared.document.nodes.find((n) => n.id === 'lstm-cell-1')?.params['hidden']).toBe(7);
  expect([shared.orphan, shared.kept]).toEqual(['gru-cell-1', []]);
  // Below a wrapper without a cell there is room for it.
  const bare = addNode(withNodes('recurrent'), 'lstm-cell', { x: 20, y: 10 }).document;
  expect(placeOf(give(bare), 'lstm-cell-1')).toEqual({ x: 0, y: 128 });
});

test('a cell that cannot run there is not wired, and the reason is told', () => {
  // A GRU hands over its state, an LSTM cannot begin with it.
  let document = withNodes('recurrent', 'recurrent');
  document = addNode(document, 'gru-cell', { x: 0, y: 118 }).document;
  const ends = [
    ['gru-cell-1', 'cell', 'recurrent-1', 'cell'],
    ['gru-cell-1', 'cell', 'recurrent-2', 'cell'],
    ['recurrent-1', 'state', 'recurrent-2', 'initial'],
  ] as const;
  document = addNode(document, 'series-input', { x: -440, y: 0 }).document;
  for (const [from, out, to, into] of ends) document = connect(document, { node: from, port: out }, { node: to, port: into });
  for (const to of ['recurrent-1', 'recurrent-2'])
    document = connect(document, { node: 'series-input-1', port: 'sequence' }, { node: to, port: 'sequence' });
  const added = beside(document, 'lstm-cell', 'recurrent-2');
  expect(wires(added)).toEqual(wires({ document }));
  expect(added.refused?.message).toMatch(/state/);
});

test('a cell drawn from a wrapper’s port takes over too, where it was put', () => {
  const end = { port: { node: 'recurrent-1', port: 'cell' }, direction: 'input' } as const;
  const at = { x: 330, y: 330 };
  const drawn = (byHand: boolean): Added => {
    const { document, id } = addNode(withGru(), 'rnn-cell', at);
    return addWired({ document, facts: noFacts, sizes: new Map() }, { node: id, port: 'cell' }, end, byHand);
  };
  const added = drawn(true);
  expect(wires(added)).toEqual(['rnn-cell-1.cell > recurrent-1.cell']);
  expect([added.orphan, placeOf(added, 'rnn-cell-1'), placeOf(added, 'gru-cell-1')]).toEqual([
    'gru-cell-1',
    at,
    { x: 0, y: 118 },
  ]);
  // Without a place of its own it takes the old one's.
  expect(placeOf(drawn(false), 'rnn-cell-1')).toEqual({ x: 0, y: 118 });
});
