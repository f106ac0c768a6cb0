import { beforeEach, describe, expect, it, vi } from 'vitest';
import { node, reader } from '../../engine/document/fixtures/graph-literals.ts';
import { blockInputKind, blockOutputKind } from '../../engine/document/placed-blocks.ts';
import { emptyDocument } from '../../engine/document/schema.ts';
import { setLabel, setParams } from '../../engine/graph/edit.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { useUiStore } from '../store/ui-store.ts';
import { useToasts } from '../ui/toast-store.ts';
import {
  addPort,
  collapseSelection,
  detachSelected,
  expandBlock,
  leaveBlock,
  openBlock,
  repeatBlock,
  selectedBlock,
} from './block-actions.ts';
import { duplicateSelection } from './canvas-actions.ts';
import { useRenaming } from './name-field.tsx';

const store = useDocumentStore.getState;
const graph = { ...emptyDocument('reader'), ...reader };
const facts = { vocabulary: 20, classes: 2, features: null, targets: null };
const ids = (): string[] => store().document.nodes.map(({ id }) => id);
const said = (): string => useUiStore.getState().announcement;
const refusals = (): string[] => useToasts.getState().toasts.map(({ title }) => title);
const selection = (): string[] => [...store().selection];

/** Frames of the page, run by hand. */
let frames: (() => void)[] = [];
const focused = vi.fn();

beforeEach(() => {
  frames = [];
  focused.mockClear();
  vi.stubGlobal('requestAnimationFrame', (run: () => void) => frames.push(run));
  vi.stubGlobal('CSS', { escape: (text: string) => text });
  const rect = { x: 0, y: 0, width: 800, height: 600 };
  const element = (place: string) => ({ focus: () => focused(place), getBoundingClientRect: () => rect });
  vi.stubGlobal('document', { querySelector: element });
  useToasts.setState({ toasts: [] });
  useRenaming.setState({ id: null });
  store().load({ document: graph, path: null, facts });
});

/** The embedding's reader as a block, selected. @returns its id */
function block(...nodes: readonly string[]): string {
  store().select(nodes.length > 0 ? nodes : ['cell', 'wrap']);
  collapseSelection();
  const [id = ''] = store().selection;
  return id;
}

describe('collapsing', () => {
  it('puts what is selected into a block, in one step, selects it and asks for its name', () => {
    const id = block();
    expect(ids().sort()).toEqual([id, 'embed', 'head', 'in'].sort());
    expect([selectedBlock()?.id, useRenaming.getState().id]).toEqual([id, id]);
    expect(said()).toBe('Collapsed into a block. Type its name.');
    store().undo();
    expect(store().document).toBe(graph);
  });

  it('takes what lies in a selected frame', () => {
    const size = { width: 400, height: 300 };
    const framed = {
      ...graph,
      nodes: graph.nodes.map((one) => (one.id === 'wrap' || one.id === 'cell' ? one : { ...one, position: { x: 2000, y: 0 } })),
      frames: [{ id: 'frame', title: 'Reads', colour: 'grey' as const, position: { x: -50, y: -50 }, size }],
    };
    store().load({ document: framed, path: null, facts });
    const id = block('frame');
    expect(ids().sort()).toEqual([id, 'embed', 'head', 'in'].sort());
  });

  it('that cannot be says why and changes nothing', () => {
    store().select(['in', 'embed']);
    collapseSelection();
    expect(refusals()).toEqual([expect.stringMatching(/^Not done: /)]);
    expect([store().document, selection(), useRenaming.getState().id]).toEqual([graph, ['in', 'embed'], null]);
  });
});

describe('the selected block', () => {
  it('is the one placed block that alone is selected', () => {
    const id = block();
    store().select([id, 'head']);
    expect(selectedBlock()).toBeUndefined();
    store().select(['head']);
    expect(selectedBlock()).toBeUndefined();
    store().select([]);
    expect(selectedBlock()).toBeUndefined();
  });

  it('is expanded: what it holds lies in its place, selected', () => {
    block();
    expandBlock();
    expect(ids().sort()).toEqual(['cell', 'embed', 'head', 'in', 'wrap']);
    expect(selection().sort()).toEqual(['cell', 'wrap']);
    expect(said()).toBe('Block expanded. It stays among your blocks.');
    expect(store().whole.blocks).toHaveLength(1);
    store().undo();
    expect(ids()).toHaveLength(4);
  });

  it('is not expanded, nor detached, where none is selected', () => {
    block();
    const { whole } = store();
    store().select(['head']);
    expandBlock();
    detachSelected();
    expect(store().whole).toBe(whole);
  });

  it('is detached: a block of its own, which the others no longer follow', () => {
    const id = block();
    duplicateSelection();
    detachSelected();
    expect(said()).toMatch(/is a block of its own now\.$/);
    const definitions = store().document.nodes.flatMap((one) => one.params['definition'] ?? []);
    expect(new Set(definitions).size).toBe(2);
    const [copy = ''] = selection();
    store().enter([copy]);
    store().edit((d) => setParams(d, 'cell', { hidden: 3 }));
    store().enter([id]);
    expect(store().document.nodes.find((one) => one.id === 'cell')?.params['hidden']).toBe(8);
  });
});

describe('going in and out', () => {
  it('shows what is inside, and the level around with the block selected and focused', () => {
    const id = block();
    store().edit((d) => setLabel(d, id, 'Outer'));
    openBlock(id);
    expect([store().level, said()]).toEqual([[id], 'Inside Outer.']);
    frames.at(-1)?.();
    expect(focused).toHaveBeenCalledWith('.react-flow');
    const inner = block('wrap', 'cell');
    openBlock(inner);
    expect(store().level).toEqual([id, inner]);
    leaveBlock();
    expect([store().level, selection(), said()]).toEqual([[id], [inner], 'Inside Outer.']);
    openBlock(inner);
    leaveBlock(0);
    expect([store().level, selection(), said()]).toEqual([[], [id], 'In reader.']);
    frames.at(-1)?.();
    expect(focused).toHaveBeenCalledWith(`.react-flow__node[data-id="${id}"]`);
  });

  it('only of blocks, and out of those that were entered', () => {
    openBlock('head');
    openBlock('gone');
    leaveBlock();
    leaveBlock(3);
    expect([store().level, frames]).toEqual([[], []]);
  });
});

describe('repeating', () => {
  it('sets how often it follows itself; what is typed is one step', () => {
    const document = {
      ...graph,
      nodes: [...graph.nodes, node('drop', 'dropout')],
      edges: [
        ...graph.edges.filter(({ to }) => to.node !== 'wrap' || to.port !== 'sequence'),
        { id: 'a', from: { node: 'embed', port: 'sequence' }, to: { node: 'drop', port: 'input' } },
        { id: 'b', from: { node: 'drop', port: 'output' }, to: { node: 'wrap', port: 'sequence' } },
      ],
    };
    store().load({ document, path: null, facts });
    const id = block('drop');
    const repeat = () => store().document.nodes.find((one) => one.id === id)?.params['repeat'];
    repeatBlock(id, 2);
    repeatBlock(id, 24);
    expect(repeat()).toBe(24);
    store().undo();
    expect(repeat()).toBe(1);
  });

  it('is refused with the reason where what it gives does not fit what it takes', () => {
    const id = block();
    const { whole } = store();
    repeatBlock(id, 2);
    expect(refusals()).toEqual([expect.stringMatching(/^Not done: /)]);
    expect(store().whole).toBe(whole);
  });
});

describe('a port', () => {
  it.each([
    [blockInputKind, 'Input added to the block.'],
    [blockOutputKind, 'Output added to the block.'],
  ] as const)('of kind %s is added to the block that is looked at, selected, and asked its name', (kind, announcement) => {
    openBlock(block());
    const before = ids();
    addPort(kind);
    const [added = ''] = ids().filter((id) => !before.includes(id));
    expect(store().document.nodes.find(({ id }) => id === added)?.kind).toBe(kind);
    expect([selection(), useRenaming.getState().id, said()]).toEqual([[added], added, announcement]);
  });

  it('is not added outside of blocks', () => {
    addPort(blockInputKind);
    expect(store().document).toBe(graph);
  });
});
