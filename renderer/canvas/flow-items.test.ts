import { expect, it } from 'vitest';
import { node, reader, wire } from '../../engine/document/fixtures/graph-literals.ts';
import { emptyDocument } from '../../engine/document/schema.ts';
import { collapse } from '../../engine/graph/blocks/collapse.ts';
import { moveTo } from '../../engine/graph/edit.ts';
import type { Finding } from '../../engine/lint/finding.ts';
import { FlowItems, type FlowState } from './flow-items.ts';
import { Room } from './room.ts';
import { shiftedRun, wireRuns } from './wire-curves.ts';

const document = {
  ...emptyDocument(),
  nodes: [node('a', 'series-input'), node('b', 'dense'), node('cell', 'gru-cell'), node('r', 'recurrent')],
  edges: ['a.sequence > b.input', 'cell.cell > r.cell'].map(wire),
};
const state: FlowState = {
  document,
  selection: new Set(),
  problems: [],
  measured: new Map(),
  dragged: new Map(),
  room: new Room([]),
};
const byId = (items: FlowItems, of: FlowState) => new Map(items.nodes(of).map((item) => [item.id, item]));

it('makes only what changed anew, and no new list where nothing did', () => {
  const items = new FlowItems();
  const first = items.nodes(state);
  expect(items.nodes({ ...state, document: { ...document, name: 'other' } })).toBe(first);
  const moved = items.nodes({ ...state, dragged: new Map([['b', { x: 5, y: 6 }]]) });
  expect(moved.map((item, i) => item === first[i])).toEqual([true, false, true, true]);
  expect(moved[1]).toMatchObject({ position: { x: 5, y: 6 } });
  const edges = items.edges(document, new Set());
  expect(
    items.edges({ ...document, nodes: document.nodes.map((one) => ({ ...one, position: { x: 1, y: 1 } })) }, new Set()),
  ).toBe(edges);
  const named = { ...document, nodes: document.nodes.map((one) => (one.id === 'a' ? { ...one, label: 'Sales' } : one)) };
  expect(items.edges(named, new Set()).map(({ ariaLabel }) => ariaLabel)).toEqual([
    'Wire from Sales to Dense',
    'Wire from GRU cell to Recurrent',
  ]);
});

it('gives what it would give if it were asked for the first time, whatever changed', () => {
  const reading = collapse({ ...emptyDocument(), ...reader }, new Set(['cell', 'wrap']), 'Encoder');
  if (!reading.ok) throw new Error(reading.message);
  const block = reading.id;
  const wrong: Finding = { node: 'embed', edge: null, severity: 'error', message: '', fix: '', remedy: null };
  const start: FlowState = { ...state, document: reading.document };
  const changes: readonly Partial<FlowState>[] = [
    { selection: new Set([block]) },
    { selection: new Set([block, 'embed']) },
    { selection: new Set(['embed']), dragged: new Map([['embed', { x: 3, y: 4 }]]) },
    { dragged: new Map([['embed', { x: 7, y: 4 }]]) },
    { dragged: new Map([[block, { x: 7, y: 4 }]]) },
    { dragged: new Map(), document: moveTo(reading.document, new Map([[block, { x: 50, y: 60 }]])) },
    { problems: [wrong] },
    { problems: [{ ...wrong, severity: 'warning' }] },
    { problems: [], measured: new Map([['head', { width: 178, height: 126 }]]) },
    { document: { ...reading.document, blocks: reading.document.blocks.map((one) => ({ ...one, name: 'Reader' })) } },
    { document: { ...reading.document, blocks: [] }, selection: new Set() },
    { document: { ...reading.document, nodes: reading.document.nodes.slice(1).reverse() } },
  ];
  const items = new FlowItems();
  let now = start;
  expect(items.nodes(now)).toEqual(new FlowItems().nodes(now));
  for (const change of changes) {
    now = { ...now, ...change };
    expect(items.nodes(now)).toEqual(new FlowItems().nodes(now));
  }
});

it('makes the wires that are drawn', () => {
  const items = new FlowItems();
  expect(items.edges(document, new Set(), (id) => id.startsWith('cell')).map(({ ariaLabel }) => ariaLabel)).toEqual([
    'Wire from GRU cell to Recurrent',
  ]);
});

it('shows a node as a card at any zoom only while it alone is selected', () => {
  const open = (ids: string[]) =>
    new FlowItems().nodes({ ...state, selection: new Set(ids) }).map(({ data }) => 'open' in data && data.open);
  expect(open(['b'])).toEqual([false, true, false, false]);
  expect(open(['b', 'a'])).toEqual([false, false, false, false]);
});

it('tells the worst problem of a node', () => {
  const found = (id: string, severity: Finding['severity']): Finding => ({
    node: id,
    edge: null,
    severity,
    message: '',
    fix: '',
    remedy: null,
  });
  const problems = [found('a', 'warning'), found('b', 'error'), found('b', 'warning')];
  const shown = new FlowItems().nodes({ ...state, problems }).map(({ data }) => 'problem' in data && data.problem);
  expect(shown).toEqual(['warning', 'error', null, null]);
});

it('runs wires from port to port, by the size that a card has', () => {
  const at = (id: string, x: number, y: number) => ({ ...document.nodes.find((one) => one.id === id), position: { x, y } });
  const placed = {
    ...document,
    nodes: [at('a', 0, 0), at('b', 300, 100), at('cell', 0, 500), at('r', 0, 300)] as typeof document.nodes,
  };
  const measured = new Map([['r', { width: 178, height: 120 }]]);
  const runs = wireRuns(placed.edges, byId(new FlowItems(), { ...state, document: placed, measured }));
  // Ports are 11 px wide, on the card's edge: the first of a side 29 px down, a cell's in the middle of its upper edge.
  expect(runs).toMatchObject([
    { start: { x: 178 + 5.5, y: 29 }, end: { x: 300 - 5.5, y: 129 }, vertical: false },
    { start: { x: 89, y: 500 - 5.5 }, end: { x: 89, y: 300 + 120 + 5.5 }, vertical: true },
  ]);
  expect(wireRuns([wire('a.gone > b.input'), wire('gone.x > b.input')], byId(new FlowItems(), state))).toEqual([]);
});

it('draws a wire whose ends are dragged where it lies once its nodes are placed there', () => {
  const dragged = new Map([['b', { x: 40, y: 30 }]]);
  const shift = { x: 11, y: -22 };
  const before = wireRuns(document.edges, byId(new FlowItems(), { ...state, dragged }));
  const after = wireRuns(document.edges, byId(new FlowItems(), { ...state, dragged: new Map([['b', { x: 51, y: 8 }]]) }));
  expect(before[0]).not.toEqual(after[0]);
  expect(before.map((run) => shiftedRun(run, dragged, shift))).toEqual(after);
});
