import { describe, expect, it } from 'vitest';
import { dataBinding } from '../document/data-binding.ts';
import { node, wire } from '../document/fixtures/graph-literals.ts';
import { emptyDocument, type UnrollDocument } from '../document/schema.ts';
import { listSettings, usedNodes } from './settings-list.ts';

const document: UnrollDocument = {
  ...emptyDocument(),
  nodes: [
    node('in', 'token-input'),
    node('hot', 'one-hot'),
    node('cell', 'gru-cell', { hidden: 8 }),
    node('one', 'recurrent', { output: 'last' }),
    node('more', 'recurrent', { output: 'wrong' }),
    node('sum', 'add'),
    node('head', 'dense-sigmoid'),
    node('aside', 'dense'),
    node('apart', 'dense'),
  ],
  edges: [
    'in.tokens > hot.tokens',
    'hot.sequence > one.sequence',
    'cell.cell > one.cell',
    'hot.sequence > more.sequence',
    'cell.cell > more.cell',
    'one.output > sum.inputs',
    'more.output > sum.inputs',
    'sum.output > head.input',
    'hot.sequence > aside.input',
    'aside.output > apart.input',
  ].map(wire),
};
const inGroup = (d: UnrollDocument, wanted: string): Record<string, string> =>
  Object.fromEntries(listSettings(d).flatMap(({ group, setting, value }) => (group === wanted ? [[setting, value]] : [])));

describe('the settings of a graph', () => {
  it('are of the nodes that the head depends on, by kind and number, and of their wires', () => {
    const graph = inGroup(document, 'Graph');
    expect(graph).toMatchObject({
      'GRU cell': 'yes',
      'GRU cell · width': '8',
      'GRU cell · form': 'reset-after',
      Recurrent: 'yes',
      'Recurrent · output': 'last',
      'Recurrent 2 · output': 'wrong',
      'into Recurrent': 'GRU cell, One-hot',
      'into Add': 'Recurrent, Recurrent 2',
    });
    expect(Object.keys(graph).filter((setting) => setting.startsWith('Dense ·'))).toEqual([]);
    expect(usedNodes(document).map(({ id }) => id)).toEqual(['in', 'hot', 'cell', 'one', 'more', 'sum', 'head']);
    // As the settings are read: a default that is written out is no difference.
    const written = document.nodes.map((n) =>
      n.id === 'cell' ? node('cell', 'gru-cell', { hidden: 8, form: 'reset-after' }) : n,
    );
    expect(listSettings({ ...document, nodes: written })).toEqual(listSettings(document));
  });

  it('are of all nodes while there is no head, of unknown kinds too', () => {
    const headless = { ...document, nodes: [node('new', 'transformer', { depth: 3 }), node('aside', 'dense')] };
    expect(usedNodes(headless)).toBe(headless.nodes);
    expect(inGroup(headless, 'Graph')).toMatchObject({ transformer: 'yes', 'transformer · depth': '3', Dense: 'yes' });
    expect(Object.keys(inGroup(headless, 'Graph')).filter((setting) => setting.startsWith('into'))).toEqual([]);
  });

  it('end where wires run in a circle', () => {
    const circle = {
      ...document,
      edges: [...document.edges, wire('sum.output > hot.tokens')],
    };
    expect(usedNodes(circle)).toEqual(usedNodes(document));
  });
});

describe('the settings of training and data', () => {
  it('are named as they are nested, in words', () => {
    expect(inGroup(document, 'Training')).toMatchObject({
      epochs: '5',
      'batch size': '32',
      'carry state': 'yes',
      optimizer: 'adam',
      'optimizer · beta1': '0.9',
      'clip norm': '5',
      'clip value': 'off',
      'class weights': 'none',
    });
    expect(inGroup(document, 'Data')).toEqual({ source: 'none' });
    const data = dataBinding.parse({
      source: { kind: 'file', path: '/a.csv', reader: { format: 'delimited', inputColumns: ['a', 'b'], header: false } },
      task: 'step-tagging',
    });
    expect(inGroup({ ...document, data }, 'Data')).toMatchObject({
      source: 'file',
      'source · path': '/a.csv',
      'source · reader · input columns': 'a, b',
      'source · reader · header': 'no',
      'source · reader · delimiter': 'off',
      task: 'step-tagging',
    });
  });
});
