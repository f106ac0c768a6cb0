import { beforeEach, describe, expect, it } from 'vitest';
import { node, reader } from '../../engine/document/fixtures/graph-literals.ts';
import { emptyDocument, type UnrollDocument, unrollDocument } from '../../engine/document/schema.ts';
import { collapse } from '../../engine/graph/blocks/collapse.ts';
import { placeBlock, removeUnusedBlocks, renameBlock } from '../../engine/graph/blocks/edit-blocks.ts';
import { addComment, commentSize, moveTo, remove, setParams } from '../../engine/graph/edit.ts';
import { useToasts } from '../ui/toast-store.ts';
import { isDirty, useDocumentStore, viewKey } from './document-store.ts';
import { graphAt } from './levels.ts';

const graph = {
  ...emptyDocument('reader'),
  ...reader,
};
const facts = { vocabulary: 20, classes: 2, features: null, targets: null };
const store = useDocumentStore.getState;
let block = '';

beforeEach(() => {
  const made = collapse(graph, new Set(['cell', 'wrap']), 'Encoder');
  if (!made.ok) throw new Error(made.message);
  block = made.id;
  store().load({ document: made.document, path: null, facts });
});

const hidden = (): unknown => store().document.nodes.find(({ id }) => id === 'cell')?.params['hidden'];
const widen = (width: number): boolean => store().edit((d) => setParams(d, 'cell', { hidden: width }));

describe('inside a block', () => {
  it('what is shown is its graph, with the shapes and numbers that it has where it is placed', () => {
    expect(store().parameters.get(block)).toBe(3 * 8 * (4 + 8 + 2));
    store().enter([block]);
    expect(
      store()
        .document.nodes.map(({ id }) => id)
        .sort(),
    ).toEqual(['cell', 'output', 'sequence', 'wrap']);
    expect(store().inferred.outputs.get('wrap:output')).toMatchObject({ type: 'vector', features: 8 });
    expect(store().inferred.inputs.get('wrap')?.['sequence']).toMatchObject([{ features: 4 }]);
    expect(store().inferred.inputs.get('output')?.['value']).toMatchObject([{ features: 8 }]);
    expect(store().parameters.get('wrap')).toBe(3 * 8 * (4 + 8 + 2));
  });

  it('an edit is of the definition, in a document that can be saved; the rest of it stays the same', () => {
    const before = store().whole;
    store().enter([block]);
    expect(isDirty(store())).toBe(false);
    widen(5);
    expect(hidden()).toBe(5);
    const { whole } = store();
    expect(whole.nodes).toBe(before.nodes);
    expect(unrollDocument.safeParse(whole).success).toBe(true);
    expect(isDirty(store())).toBe(true);
    expect(store().inferred.outputs.get('wrap:output')).toMatchObject({ features: 5 });
    store().edit((d) => d);
    expect(store().whole).toBe(whole);
  });

  it('other parts of the document are edited as from outside', () => {
    store().enter([block]);
    store().setTraining({ epochs: 3 });
    store().setName('other');
    expect(store().whole).toMatchObject({ name: 'other', training: { epochs: 3 } });
    expect(store().level).toEqual([block]);
  });

  it('what would put the block into itself is refused, and changes nothing', () => {
    store().enter([block]);
    const { whole } = store();
    const definition = whole.blocks[0]?.id ?? '';
    const itself = { ...node('again', 'block', { definition, repeat: 1 }) };
    expect(store().edit((d) => ({ ...d, nodes: [...d.nodes, itself] }))).toBe(false);
    expect(store().whole).toBe(whole);
    expect(useToasts.getState().toasts.at(-1)).toMatchObject({ tone: 'bad', title: expect.stringMatching(/^Not done: ./) });
    expect(widen(5)).toBe(true);
  });

  it('problems are its own there, and those of the block outside', () => {
    store().enter([block]);
    widen(-1);
    const found = store().problems.find(({ message }) => message.startsWith('hidden'));
    expect(found).toMatchObject({ node: 'cell' });
    store().enter([]);
    expect(store().problems.find(({ message }) => message.startsWith('hidden'))).toMatchObject({
      node: block,
      inside: { path: [block], node: 'cell' },
    });
  });
});

describe('a block that is placed twice', () => {
  let second = '';
  beforeEach(() => {
    const placed = placeBlock(store().document, store().whole.blocks[0]?.id ?? '', { x: 0, y: 400 });
    if (!placed.ok) throw new Error(placed.message);
    store().load({ document: placed.document, path: null, facts });
    [second = ''] = placed.ids;
  });

  it('undo and redo stay in the place that is looked at', () => {
    store().enter([second]);
    widen(5);
    store().undo();
    expect([store().level, hidden()]).toEqual([[second], 8]);
    store().redo();
    expect([store().level, hidden()]).toEqual([[second], 5]);
  });

  it('a problem is told in its own place only', () => {
    const inside = { path: [second], node: 'wrap', edge: null };
    store().setUnfit({ severity: 'error', node: second, edge: null, message: 'unfit', fix: '', remedy: null, inside });
    const on = (): (string | null)[] => store().problems.flatMap(({ message, node }) => (message === 'unfit' ? [node] : []));
    expect(on()).toEqual([second]);
    store().enter([block]);
    expect(store().problems).toEqual([]);
    store().enter([second]);
    expect(on()).toEqual(['wrap']);
  });

  it('with a block in it: problems are told at each depth, on the block or on what they are on; a level that is left for one beside it selects nothing there', () => {
    store().enter([block]);
    const made = collapse(store().document, new Set(['cell', 'wrap']), 'Inner');
    if (!made.ok) throw new Error(made.message);
    store().edit(() => made.document);
    const at = (path: string[]) => {
      const inside = { path, node: 'wrap', edge: 'a-wire' };
      store().setUnfit({ severity: 'error', node: block, edge: null, message: 'unfit', fix: '', remedy: null, inside });
      return store().problems.flatMap(({ message, node, edge }) => (message === 'unfit' ? [[node, edge]] : []));
    };
    expect(at([block, made.id])).toEqual([[made.id, null]]);
    store().enter([block, made.id]);
    expect(at([block, made.id])).toEqual([['wrap', 'a-wire']]);
    expect(at([block, 'other'])).toEqual([]);
    store().enter([second]);
    store().select(['output']);
    store().enter([block, made.id]);
    store().enter([second]);
    expect([...store().selection]).toEqual(['output']);
  });
});

describe('one history', () => {
  it('undo of what changed in a block and around it stays in the block', () => {
    store().enter([block]);
    store().edit((d) => remove(d, new Set(['output'])));
    // Outside, the wire that left there went with it.
    expect(store().whole.edges).toHaveLength(graph.edges.length - 2);
    store().undo();
    expect([store().level, store().whole.edges.length]).toEqual([[block], graph.edges.length - 1]);
  });

  it.each([
    ['a comment', (d: UnrollDocument) => addComment(d, { x: 0, y: 0 }).document],
    [
      'a frame',
      (d: UnrollDocument): UnrollDocument => {
        const frame = { id: 'f', title: '', colour: 'blue', position: { x: 0, y: 0 }, size: commentSize } as const;
        return { ...d, frames: [frame] };
      },
    ],
    ['a wire', (d: UnrollDocument) => ({ ...d, edges: d.edges.slice(1) })],
  ])('undo and redo of %s in a block show the block', (_what, change) => {
    store().enter([block]);
    store().edit(change);
    const { whole } = store();
    for (const turn of ['undo', 'redo'] as const) {
      store().enter([]);
      store()[turn]();
      expect(store().level).toEqual([block]);
    }
    expect(store().whole).toBe(whole);
  });

  it('of two blocks that are placed, the one that changed is shown', () => {
    const [placed] = store().whole.blocks;
    if (!placed) throw new Error('no block');
    const blocks = [placed, { ...placed, id: 'late', name: 'Late' }];
    const nodes = [...store().whole.nodes, node('there', 'block', { definition: 'late', repeat: 1 })];
    store().editWhole((whole) => ({ ...whole, nodes, blocks }));
    store().enter(['there']);
    widen(5);
    store().enter([]);
    store().undo();
    expect([store().level, hidden()]).toEqual([['there'], 8]);
  });

  it('undo brings back a block that is placed nowhere, and stays where it is', () => {
    const { blocks } = store().whole;
    store().editWhole((whole) => ({ ...whole, blocks: blocks.flatMap((one) => [one, { ...one, id: 'loose', name: 'Loose' }]) }));
    const { whole } = store();
    store().editWhole(removeUnusedBlocks);
    expect(store().whole.blocks).toHaveLength(1);
    store().undo();
    expect(store().whole).toBe(whole);
    expect(store().level).toEqual([]);
  });

  it('of two blocks that changed, the one that is placed is shown', () => {
    const [placed] = store().whole.blocks;
    if (!placed) throw new Error('no block');
    const moved = { cell: { x: 500, y: 0 } };
    const blocks = [{ ...placed, id: 'loose', name: 'Loose' }, placed];
    store().editWhole((whole) => ({ ...whole, blocks }));
    store().editWhole((whole) => ({
      ...whole,
      blocks: blocks.map((one) => ({ ...one, nodes: moveTo({ ...whole, ...one }, new Map(Object.entries(moved))).nodes })),
    }));
    store().undo();
    expect(store().level).toEqual([block]);
  });

  it('undo and redo lead to where the change is seen', () => {
    store().enter([block]);
    widen(5);
    store().enter([]);
    store().edit((d) => moveTo(d, new Map([['head', { x: 900, y: 0 }]])));
    store().enter([block]);
    store().undo();
    expect(store().level).toEqual([]);
    store().undo();
    expect([store().level, hidden()]).toEqual([[block], 8]);
    store().redo();
    expect([store().level, hidden()]).toEqual([[block], 5]);
  });

  it('a block that undo takes away is left', () => {
    store().load({ document: graph, path: null, facts });
    const made = collapse(store().document, new Set(['cell', 'wrap']), 'Encoder');
    if (!made.ok) throw new Error(made.message);
    store().edit(() => made.document);
    store().enter([made.id]);
    store().undo();
    expect([store().level, store().document.nodes]).toEqual([[], graph.nodes]);
  });

  it('an edit inside one place is seen in the other', () => {
    const placed = placeBlock(store().document, store().whole.blocks[0]?.id ?? '', { x: 0, y: 400 });
    if (!placed.ok) throw new Error(placed.message);
    store().edit(() => placed.document);
    const [second = ''] = placed.ids;
    store().enter([second]);
    widen(5);
    store().enter([block]);
    expect(hidden()).toBe(5);
  });
});

it('what a level shows of a document can be had without its meaning', () => {
  const { whole } = store();
  expect(graphAt(whole, [])).toBe(whole);
  expect(graphAt(whole, [block]).nodes).toBe(whole.blocks[0]?.nodes);
  expect(graphAt(whole, [block]).training).toBe(whole.training);
});

it('places in a block mean nothing, its name does', () => {
  store().enter([block]);
  const { meaning } = store();
  store().edit((d) => moveTo(d, new Map([['cell', { x: 500, y: 4 }]])));
  expect(store().meaning).toBe(meaning);
  store().editWhole((whole) => renameBlock(whole, whole.blocks[0]?.id ?? '', 'Reader'));
  expect(store().meaning).not.toBe(meaning);
});

it('each level has its own selection and view; a block that is left is selected', () => {
  const outside = viewKey(store());
  store().select(['head']);
  store().enter([block]);
  expect(viewKey(store())).not.toBe(outside);
  expect([...store().selection]).toEqual([]);
  store().select(['cell']);
  store().enter([]);
  expect([...store().selection]).toEqual([block]);
  store().enter([block]);
  expect([...store().selection]).toEqual(['cell']);
});
