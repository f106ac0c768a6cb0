import { beforeEach, describe, expect, it } from 'vitest';
import { removeItems } from '../../engine/cells/graph/remove.ts';
import { node, wire } from '../../engine/document/fixtures/graph-literals.ts';
import { emptyDocument, type GraphNode } from '../../engine/document/schema.ts';
import { setParams } from '../../engine/graph/edit.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { useToasts } from '../ui/toast-store.ts';
import { cellOf, editAsOwn, editGraph, setEquations, startCell } from './cell-actions.ts';
import { inputWidthOf } from './input-width.ts';
import { cellThatIsOpen, isCellOpen, leaveCell, openCell } from './open-cell.ts';
import { readCell } from './read-cell.ts';

const store = useDocumentStore.getState;
const cell = (): GraphNode => {
  const found = store().document.nodes.find(({ id }) => id === 'cell');
  if (!found) throw new Error('no cell');
  return found;
};
const equations = (): string => String(cell().params['equations']);

beforeEach(() => {
  store().load({
    document: {
      ...emptyDocument(),
      nodes: [
        node('in', 'token-input'),
        node('embed', 'embedding', { width: 16 }),
        node('both', 'bidirectional'),
        node('cell', 'lstm-cell', { hidden: 24, peepholes: true, recurrentInitializer: 'orthogonal' }),
      ],
      edges: ['in.tokens > embed.tokens', 'embed.sequence > both.sequence', 'cell.cell > both.cell'].map(wire),
    },
    path: null,
    facts: { vocabulary: 20, classes: 2, features: null, targets: null },
  });
  leaveCell();
});

describe('a built-in cell', () => {
  it('becomes one’s own in one step, with its id, wires, place, width and the shapes around it', () => {
    const { position } = cell();
    const shown = store().inferred.outputs.get('both:output');
    editAsOwn(cell());
    expect(cell()).toMatchObject({ kind: 'custom-cell', label: 'My LSTM cell', position });
    const { equations: _, ...params } = cell().params;
    expect(params).toEqual({ hidden: 24, recurrentInitializer: 'orthogonal' });
    expect(equations()).toContain("o = sigmoid(W_o x + b_xo + U_o h + b_ho + p_o * c')");
    expect(store().inferred.outputs.get('both:output')).toEqual(shown);
    store().undo();
    expect(cell()).toMatchObject({ kind: 'lstm-cell', params: { peepholes: true } });
    store().redo();
    const own = cell();
    editAsOwn(own);
    expect(cell()).toBe(own);
  });

  it('has equations while its settings fit', () => {
    expect(cellOf(cell())).toMatchObject({ hidden: 24, own: false });
    expect(cellOf({ ...cell(), params: { hidden: 8, projection: 8 } })).toBeNull();
    expect(cellOf(node('in', 'token-input') as GraphNode)).toBeNull();
  });
});

describe('a cell of one’s own', () => {
  beforeEach(() => editAsOwn(cell()));

  it('is edited as a graph: each edit one step; a refused one says why and changes nothing', () => {
    const before = equations();
    editGraph('cell', before, (graph) => removeItems(graph, new Set(['o'])));
    expect(equations()).toContain("\nh' = tanh(c')\n");
    const after = equations();
    expect(editGraph('cell', after, (graph) => removeItems(graph, new Set(['in:x'])))).toBe(false);
    expect(equations()).toBe(after);
    expect(useToasts.getState().toasts.at(-1)?.title).toMatch(/x is the step's input/);
    store().undo();
    expect(equations()).toBe(before);
  });

  it('typing of one step is one to undo', () => {
    const before = equations();
    setEquations('cell', `${before}\na`, 'text-1');
    setEquations('cell', `${before}\na =`, 'text-1');
    setEquations('cell', `${before}\na = h`, 'text-2');
    store().undo();
    expect(equations()).toBe(`${before}\na =`);
    store().undo();
    expect(equations()).toBe(before);
  });

  it('starts anew under the name of what it starts from, unless it has one of its own', () => {
    startCell(cell(), 'JANET', "h' = W x", ['JANET', 'LSTM cell']);
    expect(cell()).toMatchObject({ label: 'JANET', params: { hidden: 24, equations: "h' = W x" } });
    store().edit((d) => ({ ...d, nodes: d.nodes.map((one) => (one.id === 'cell' ? { ...one, label: 'Encoder cell' } : one)) }));
    startCell(cell(), 'GRU cell', "h' = U h", ['JANET', 'GRU cell']);
    expect(cell()).toMatchObject({ label: 'Encoder cell', params: { equations: "h' = U h" } });
  });

  it('has an input as wide as what is wired, where that is known', () => {
    expect(inputWidthOf(store().document, store().inferred, 'cell')).toBe(16);
    expect(inputWidthOf({ ...store().document, edges: [] }, store().inferred, 'cell')).toBeNull();
  });
});

describe('the inside of a cell', () => {
  it('is shown until it is left, another level or document is shown, or it is gone', () => {
    openCell('embed');
    expect(isCellOpen()).toBe(false);
    openCell('cell');
    expect(cellThatIsOpen()?.id).toBe('cell');
    store().edit((d) => ({ ...d, nodes: d.nodes.filter(({ id }) => id !== 'cell'), edges: [] }));
    expect(isCellOpen()).toBe(false);
    store().undo();
    expect(isCellOpen()).toBe(false);
    openCell('cell');
    store().load({ document: emptyDocument(), path: null });
    expect(isCellOpen()).toBe(false);
  });

  it('stays through edits and undo of the cell; an undo of something else is seen on the canvas', () => {
    store().edit((d) => setParams(d, 'embed', { width: 8 }));
    openCell('cell');
    editAsOwn(cell());
    expect(isCellOpen()).toBe(true);
    store().undo();
    expect(isCellOpen()).toBe(true);
    store().undo();
    expect(isCellOpen()).toBe(false);
  });
});

it('a text with mistakes is read as far as it can be, with its problems by line', () => {
  const reading = readCell("f = sigmoid(W x\ng = tanh(U h)\nq = g\nh' = g + b_h", 8);
  expect(reading.problems.map(({ line, severity }) => [line, severity])).toEqual([[1, 'error']]);
  expect(reading.graph.nodes.map(({ id }) => id)).toEqual(['in:x', 'in:h', 'g', 'q', "h'", "out:h'"]);
  expect(reading.latex.map(({ line }) => line)).toEqual([2, 3, 4]);
  expect(reading.facts.cell.parameters.map(({ name, shape }) => [name, shape])).toEqual([
    ['U', [8, 8]],
    ['b_h', [8]],
  ]);
});
