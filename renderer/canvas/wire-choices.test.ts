import { expect, test } from 'vitest';
import { emptyDocument, type UnrollDocument } from '../../engine/document/schema.ts';
import { addNode, connect } from '../../engine/graph/edit.ts';
import { noFacts } from '../../engine/graph/infer-shapes.ts';
import { findLayer, layerKinds } from '../../engine/layers/registry.ts';
import { layerParts } from './parts.ts';
import { type WireChoice, type WireSubject, wireChoices } from './wire-choices.ts';

/** Series → recurrent with a GRU → dense, and an LSTM beside them. */
function network(): UnrollDocument {
  const kinds = ['series-input', 'recurrent', 'gru-cell', 'lstm-cell', 'dense'] as const;
  const nodes = kinds.reduce((document, kind) => addNode(document, kind, { x: 0, y: 0 }).document, emptyDocument());
  const wires = [
    ['series-input-1', 'sequence', 'recurrent-1', 'sequence'],
    ['gru-cell-1', 'cell', 'recurrent-1', 'cell'],
    ['recurrent-1', 'output', 'dense-1', 'input'],
  ] as const;
  return wires.reduce((d, [from, out, to, into]) => connect(d, { node: from, port: out }, { node: to, port: into }), nodes);
}

function words(choice: WireChoice): string {
  switch (choice.kind) {
    case 'draw': {
      const { ends, moving, replaces } = choice;
      const wire = `${ends.from.node} > ${ends.to.node}.${ends.to.port}`;
      return `${moving === null ? '' : `${moving}: `}${wire}${replaces ? ` for ${replaces.from.node}` : ''}`;
    }
    case 'add':
      return `new ${choice.fit.part.kind}`;
    default:
      return `${choice.kind} ${choice.wire.id}`;
  }
}
const groups = (subject: WireSubject): string[][] =>
  wireChoices(layerParts, network(), noFacts, subject).map(({ heading, choices }) => [heading, ...choices.map(words)]);

test('a node offers the wires that it could have, tells which take another’s place, and those that it has', () => {
  expect(groups({ node: 'lstm-cell-1', port: null })).toEqual([
    ['From LSTM cell to', 'lstm-cell-1 > recurrent-1.cell for gru-cell-1'],
  ]);
  expect(groups({ node: 'dense-1', port: null })).toEqual([
    ['Into Dense from', 'series-input-1 > dense-1.input for recurrent-1'],
    ['Its wire', 'move wire-3', 'remove wire-3'],
  ]);
});

test('a port offers its own wires, and new layers that fit it', () => {
  const [draw, wire, fresh] = groups({ node: 'recurrent-1', port: { name: 'cell', direction: 'input' } });
  expect(draw).toEqual(['Into Recurrent from', 'lstm-cell-1 > recurrent-1.cell for gru-cell-1']);
  expect(wire).toEqual(['Its wire', 'move wire-2', 'remove wire-2']);
  const cells = layerKinds.filter((kind) => findLayer(kind)?.family === 'cell');
  expect(fresh).toEqual(['A new layer', ...cells.map((kind) => `new ${kind}`)]);
});

test('a wire’s ends go elsewhere: what it takes up itself does not stand in its way', () => {
  expect(groups({ wire: 'wire-2' })).toEqual([
    ['Begin at another output than GRU cell’s', 'wire-2: lstm-cell-1 > recurrent-1.cell'],
    ['The wire', 'remove wire-2'],
  ]);
  expect(groups({ wire: 'wire-1' })).toEqual([
    ['End at another input than Recurrent’s', 'wire-1: series-input-1 > dense-1.input for recurrent-1'],
    // Without this wire no loop keeps the dense layer from feeding the recurrent one; its own input comes from there, though.
    ['The wire', 'remove wire-1'],
  ]);
});
