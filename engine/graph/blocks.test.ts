import { describe, expect, it } from 'vitest';
import type { UnrollDocument } from '../document/schema.ts';
import { collapse } from './blocks/collapse.ts';
import { unpack } from './blocks/edit-blocks.ts';
import { editInside } from './blocks/inside.ts';
import { setRepeat } from './blocks/repeat.ts';
import { put, tagger } from './blocks/test-graphs.test-support.ts';
import { viewInside } from './blocks/view-inside.ts';
import { checkConnection } from './check-connection.ts';
import { addNode, connect, remove, setParams } from './edit.ts';
import { inferShapes, noFacts, portKey } from './infer-shapes.ts';

const facts = { ...noFacts, vocabulary: 9, classes: 3 };

function collapsed(ids: readonly string[], document = tagger(), name = 'Stack') {
  const result = collapse(document, new Set(ids), name);
  if (!result.ok) throw new Error(result.message);
  return result;
}

function edited(document: UnrollDocument, edit: (inside: UnrollDocument) => UnrollDocument, id = 'block-1'): UnrollDocument {
  const result = editInside(document, id, edit);
  if (!result.ok) throw new Error(result.message);
  return result.document;
}

const infer = (document: UnrollDocument) => inferShapes(document, facts);
const said = (document: UnrollDocument): string[] => infer(document).problems.map(({ message }) => message);

describe('shapes of a graph with blocks', () => {
  it('are those of the graph without them, at the same places', () => {
    const flat = infer(tagger());
    const { document, id } = collapsed(['cell', 'first', 'cell-2', 'second']);
    const found = infer(document);
    expect(found.problems).toEqual([]);
    expect(found.outputs.get(portKey(id, 'output'))).toEqual(flat.outputs.get(portKey('second', 'output')));
    expect(found.outputs.get(portKey(id, 'first-output'))).toEqual(flat.outputs.get(portKey('first', 'output')));
    expect(found.outputs.get(portKey(`${id}/second`, 'output'))).toEqual(flat.outputs.get(portKey('second', 'output')));
    expect(found.outputs.get(portKey(`${id}/sequence`, 'value'))).toEqual(flat.outputs.get(portKey('embed', 'sequence')));
    expect(found.inputs.get(id)).toEqual({ sequence: [flat.outputs.get(portKey('embed', 'sequence'))] });
    expect(found.outputs.get(portKey('head', 'logits'))).toEqual(flat.outputs.get(portKey('head', 'logits')));
  });

  it('reach through blocks in blocks, and through copies', () => {
    const inner = collapsed(['cell', 'first']);
    const { document, id } = collapsed(
      [inner.id, 'cell-2', 'second'],
      setParams(inner.document, inner.id, { repeat: 3 }),
      'Outer',
    );
    const found = infer(document);
    expect(found.problems).toEqual([]);
    expect(found.outputs.get(portKey(`${id}/${inner.id}#2/first`, 'output'))).toMatchObject({ features: 4 });
    expect(found.outputs.get(portKey(`${id}/${inner.id}`, 'output'))).toMatchObject({ features: 4 });
    expect(found.order.filter((one) => one.endsWith('/first'))).toHaveLength(3);
  });

  it('are inferred anew only where something changed', () => {
    const { document, id } = collapsed(['cell', 'first', 'cell-2', 'second']);
    const before = infer(document);
    const moved = { ...document, nodes: document.nodes.map((node) => ({ ...node, position: { x: 1, y: 1 } })) };
    const [then, now] = [before, infer(setParams(moved, 'join', {}))].map((found) => found.configs.get(`${id}/first`));
    expect(now).toBe(then);
    expect(infer({ ...document })).toBe(before);
    expect(infer(edited(document, (inside) => setParams(inside, 'cell', { hidden: 6 })))).not.toBe(before);
  });
});

describe('problems inside of a block', () => {
  it('are on the placed block, with the way inside, once for all copies', () => {
    const inner = collapsed(['cell', 'first']);
    const repeated = setParams(inner.document, inner.id, { repeat: 3 });
    const { document, id } = collapsed([inner.id, 'cell-2', 'second'], repeated, 'Outer');
    const broken = edited(document, (inside) => remove(inside, new Set(['cell'])));
    expect(infer(broken).problems.filter(({ message }) => message.includes('needs a wire'))).toEqual([
      expect.objectContaining({
        node: id,
        edge: null,
        inside: { path: [id, inner.id], node: 'first', edge: null },
        message: '“cell” needs a wire',
      }),
    ]);
  });

  it('tell of wires at ports that are gone, doubled or empty', () => {
    const { document, id } = collapsed(['cell', 'first', 'cell-2', 'second']);
    const [wire] = document.edges.filter(({ to }) => to.node === id);
    if (!wire) throw new Error('the block has no wire');
    const doubled = {
      ...document,
      edges: [...document.edges, { ...wire, id: 'again', from: { node: 'embed', port: 'sequence' } }],
    };
    expect(said(doubled)).toEqual(['“sequence” takes one wire, and has 2']);
    const gone = { ...document, edges: [...document.edges, { ...wire, id: 'gone', to: { node: id, port: 'ghost' } }] };
    expect(infer(gone).problems).toEqual([
      expect.objectContaining({ node: id, edge: 'gone', message: 'Stack has no input “ghost”' }),
    ]);
    const out = { id: 'out', from: { node: id, port: 'ghost' }, to: { node: 'join', port: 'inputs' } };
    expect(said({ ...document, edges: [...document.edges, out] })).toEqual(['Stack has no output “ghost”']);
    const empty = edited(document, (inside) => ({ ...inside, edges: inside.edges.filter(({ to }) => to.node !== 'output') }));
    expect(infer(empty).problems).toEqual([
      expect.objectContaining({
        message: 'nothing is wired to the output “output”',
        inside: { path: [id], node: 'output', edge: null },
      }),
    ]);
    const twice = edited(document, (inside) => ({
      ...inside,
      edges: [...inside.edges, { id: 'more', from: { node: 'first', port: 'output' }, to: { node: 'output', port: 'value' } }],
    }));
    expect(said(twice)).toEqual(['the output “output” takes one wire, and has 2']);
  });

  it('tell of an input and a head inside', () => {
    const { document } = collapsed(['cell', 'first']);
    const with_ = edited(document, (inside) =>
      put('words', 'token-input')(addNode(inside, 'dense-softmax', { x: 0, y: 0 }).document),
    );
    expect(said(with_)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/softmax cannot stand in a block/),
        expect.stringMatching(/^Tokens .*cannot stand in a block/),
      ]),
    );
  });

  it('tell of a block that feeds itself by a node outside, and of what follows it', () => {
    const { document, id } = collapsed(['cell', 'first', 'cell-2', 'second']);
    const looped = put('back', 'dense', { input: `${id}.output` })(document);
    const fed = {
      ...looped,
      edges: looped.edges.map((edge) => (edge.to.node === id ? { ...edge, from: { node: 'back', port: 'output' } } : edge)),
    };
    const loop = infer(fed).problems.filter(({ message }) => message.includes('loop'));
    expect(loop.map(({ node }) => node).sort()).toEqual(['back', 'head', id, 'join'].sort());
    expect(viewInside(fed, infer(fed), [id])).not.toBeNull();
  });
});

describe('a repeat count', () => {
  it('is taken where output fits input, and refused with the reason where not', () => {
    const { document, id } = collapsed(['cell', 'first']);
    expect(setRepeat(document, facts, id, 4)).toMatchObject({ ok: true });
    for (const wrong of [0, 1.5, 1_001]) expect(setRepeat(document, facts, id, wrong)).toMatchObject({ ok: false });
    expect(setRepeat(document, facts, id, 1_000)).toMatchObject({ ok: false, message: expect.stringContaining('4,007 nodes') });
    const wider = edited(document, (inside) => setParams(inside, 'cell', { hidden: 5 }));
    expect(setRepeat(wider, facts, id, 2)).toMatchObject({
      ok: false,
      message: '“Stack” gives sequence 5 wide and takes sequence 4 wide: it cannot follow itself',
    });
    expect(setRepeat(wider, facts, id, 1).ok).toBe(true);
    const last = edited(document, (inside) => setParams(inside, 'first', { output: 'last' }));
    expect(setRepeat(last, facts, id, 2)).toMatchObject({ ok: false, message: expect.stringContaining('gives vector') });
    const two = collapsed(['cell', 'first', 'cell-2', 'second']);
    expect(setRepeat(two.document, facts, two.id, 2)).toMatchObject({
      ok: false,
      message: expect.stringContaining('1 inputs and 2 outputs'),
    });
    expect(setRepeat(document, facts, 'embed', 2).ok).toBe(false);
  });

  it('is a problem where an edit inside makes it wrong', () => {
    const { document, id } = collapsed(['cell', 'first']);
    const wider = edited(setParams(document, id, { repeat: 2 }), (inside) => setParams(inside, 'cell', { hidden: 5 }));
    expect(infer(wider).problems).toEqual([
      expect.objectContaining({ node: id, message: expect.stringContaining('gives sequence 5 wide') }),
    ]);
  });
});

describe('wires at blocks', () => {
  const open = () => {
    const { document, id } = collapsed(['cell', 'first', 'cell-2', 'second']);
    return { id, document: { ...document, edges: document.edges.filter(({ to }) => to.node !== id) } };
  };

  it('are checked as the wires inside would be', () => {
    const { document, id } = open();
    const check = (node: string, port: string) =>
      checkConnection(document, facts, { node, port }, { node: id, port: 'sequence' });
    expect(check('embed', 'sequence')).toEqual({ ok: true });
    expect(check('tokens', 'tokens')).toMatchObject({ ok: false, fix: 'Put an Embedding or a One-hot between them.' });
    expect(check('join', 'output')).toMatchObject({ ok: false, message: 'this wire would close a loop' });
    expect(check('embed', 'ghost')).toMatchObject({ ok: false, message: 'there is no such port' });
    const deep = { node: 'deep', port: 'sequence' };
    const state = put('deep', 'recurrent', { cell: 'cell-3.cell' })(put('cell-3', 'gru-cell', {}, { hidden: 5 })(document));
    expect(checkConnection(state, facts, { node: id, port: 'output' }, deep)).toEqual({ ok: true });
    expect(checkConnection(state, facts, { node: id, port: 'output' }, { node: 'deep', port: 'initial' })).toMatchObject({
      ok: false,
    });
  });

  it('are checked by what lies inside, where types alone would do', () => {
    const { document, id } = collapsed(['sum'], put('sum', 'add', { inputs: ['first.output', 'second.output'] })(tagger()));
    const free = { ...document, edges: document.edges.filter(({ to }) => to.port !== 'sum-inputs') };
    const wide = put('wide', 'dense', { input: 'first.output' }, { units: 7 })(free);
    const to = { node: id, port: 'sum-inputs' };
    expect(checkConnection(wide, facts, { node: 'second', port: 'output' }, to)).toEqual({ ok: true });
    expect(checkConnection(wide, facts, { node: 'wide', port: 'output' }, to)).toMatchObject({
      ok: false,
      message: expect.stringMatching(/wide|7/),
    });
  });

  it('are checked inside of a block with what arrives at its ports', () => {
    const { document, id } = collapsed(['sum'], put('sum', 'add', { inputs: ['first.output', 'second.output'] })(tagger()));
    const found = viewInside(document, infer(document), [id]);
    if (!found) throw new Error('there is no inside');
    const { view } = found;
    expect(inferShapes(view, facts).outputs.get(portKey('sum', 'output'))).toMatchObject({ features: 4 });
    expect(inferShapes(view, facts).problems).toEqual([]);
    const dense = addNode(view, 'dense', { x: 0, y: 0 });
    const wired = connect({ ...view, ...dense.document }, { node: 'inputs', port: 'value' }, { node: dense.id, port: 'input' });
    const wider = setParams(wired, dense.id, { units: 9 });
    expect(
      checkConnection({ ...view, ...wider }, facts, { node: dense.id, port: 'output' }, { node: 'sum', port: 'inputs' }).ok,
    ).toBe(false);
    expect(found.expandedId('sum')).toBe(`${id}/sum`);
    expect(viewInside(document, infer(document), ['none'])).toBeNull();
  });

  it('lead to the same graph when the block is expanded in its place', () => {
    const { document, id } = collapsed(['cell', 'first', 'cell-2', 'second', 'join']);
    const back = unpack(document, id);
    expect(back.ok && infer(back.document).problems).toEqual([]);
  });
});
