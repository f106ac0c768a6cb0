import { describe, expect, it } from 'vitest';
import { emptyDocument, type UnrollDocument } from '../../engine/document/schema.ts';
import { diffDocuments } from './settings-diff.ts';

const node = (
  id: string,
  kind: string,
  params: UnrollDocument['nodes'][number]['params'] = {},
): UnrollDocument['nodes'][number] => ({
  id,
  kind,
  params,
  position: { x: 0, y: 0 },
});
const wire = (from: string, to: string, port = 'input'): UnrollDocument['edges'][number] => ({
  id: `${from}-${to}`,
  from: { node: from, port: 'output' },
  to: { node: to, port },
});

/** Both cells on the canvas, one of them wired. */
function tagger(cell: 'lstm' | 'gru'): UnrollDocument {
  return {
    ...emptyDocument('tagger'),
    nodes: [
      node('tokens', 'token-input'),
      node('embedding', 'embedding', { size: 64 }),
      node('lstm', 'lstm-cell', { hidden: 128 }),
      node('gru', 'gru-cell', { hidden: 128 }),
      node('wrapper', 'bidirectional'),
      node('head', 'dense-softmax'),
    ],
    edges: [wire('tokens', 'embedding'), wire('embedding', 'wrapper'), wire(cell, 'wrapper', 'cell'), wire('wrapper', 'head')],
  };
}

describe('diffDocuments', () => {
  it('finds nothing in equal documents, wherever their nodes lie', () => {
    const moved = tagger('lstm');
    moved.nodes.forEach((n, i) => {
      n.position = { x: i, y: i };
    });
    expect(diffDocuments([tagger('lstm'), moved])).toEqual([]);
  });

  it('sees LSTM become GRU by moving a wire', () => {
    const rows = diffDocuments([tagger('lstm'), tagger('gru')]);
    const wires = rows.find((row) => row.setting.startsWith('into Bidirectional'));
    expect(wires?.values).toEqual(['Embedding, LSTM cell', 'Embedding, GRU cell']);
    expect(rows.find((row) => row.setting === 'LSTM cell')?.values).toEqual(['yes', '–']);
    expect(rows.every((row) => row.group === 'Graph')).toBe(true);
  });

  it('compares a missing setting by its default', () => {
    const explicit = tagger('lstm');
    const implicit = tagger('lstm');
    const cell = implicit.nodes.find((n) => n.id === 'lstm');
    if (cell) cell.params = {};
    const rows = diffDocuments([explicit, implicit]);
    for (const row of rows) expect(row.values).not.toContain('–');
  });

  it('names training and data settings that differ, and only those', () => {
    const a = tagger('lstm');
    const b = tagger('lstm');
    b.training = { ...b.training, learningRate: 0.01, optimizer: { kind: 'sgd' } };
    const rows = diffDocuments([a, b]);
    expect(rows.find((row) => row.setting === 'learning rate')?.values).toEqual(['0.002', '0.01']);
    expect(rows.find((row) => row.setting === 'optimizer')?.values).toEqual(['adam', 'sgd']);
    expect(rows.some((row) => row.setting === 'batch size')).toBe(false);
  });
});
