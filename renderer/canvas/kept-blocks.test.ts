import { beforeEach, expect, it } from 'vitest';
import { node, reader } from '../../engine/document/fixtures/graph-literals.ts';
import { emptyDocument, type UnrollDocument, unrollDocument } from '../../engine/document/schema.ts';
import { collapse } from '../../engine/graph/blocks/collapse.ts';
import { blockMethods, type KeptBlock } from '../../engine/protocol/blocks.ts';
import { type FakeEngine, fakeEngine } from '../bridge/fixtures/fake-engine.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { useToasts } from '../ui/toast-store.ts';
import { discardKept, isKeptCell, keepBlock, keepCell, loadKeptBlocks, renameKept, useKeptBlocks } from './kept-blocks.ts';

const store = useDocumentStore.getState;
let fake: FakeEngine;
/** Placed, and the definitions: “Inner” lies in “Encoder”. */
let [inner, encoder] = ['', ''];

function collapsed(document: UnrollDocument, ids: readonly string[], name: string) {
  const made = collapse(document, new Set(ids), name);
  if (!made.ok) throw new Error(made.message);
  return made;
}
const definitionOf = (name: string): string => store().whole.blocks.find((block) => block.name === name)?.id ?? '';

beforeEach(() => {
  fake = fakeEngine();
  useKeptBlocks.setState({ blocks: [] });
  useToasts.setState({ toasts: [] });
  const first = collapsed({ ...emptyDocument('reader'), ...reader }, ['cell', 'wrap'], 'Inner');
  const second = collapsed(first.document, ['embed', first.id], 'Encoder');
  store().load({ document: second.document, path: null });
  [inner, encoder] = [definitionOf('Inner'), definitionOf('Encoder')];
});

/** What the engine is asked to keep. */
const asked = () => fake.next('blocks.keep');
const told = () => useToasts.getState().toasts.map(({ tone, title, text }) => ({ tone, title, ...(text ? { text } : {}) }));
const undo = (): void => useToasts.getState().toasts.at(-1)?.action?.run();
const kept = (key: string, document: UnrollDocument): KeptBlock => ({ key, document });
const cellOf = (name: string): UnrollDocument => ({
  ...emptyDocument(name),
  nodes: [{ ...node('cell-1', 'custom-cell', { equations: "h' = tanh(W x)" }), label: name }],
});
/** “Encoder” as it is kept. */
async function encoderKept(): Promise<UnrollDocument> {
  void keepBlock(encoder);
  const call = asked();
  await call.answer({});
  useToasts.setState({ toasts: [] });
  return unrollDocument.parse(call.params.document);
}

it('a block is kept as a document of its own, with the blocks that lie in it and no other', async () => {
  void keepBlock(encoder);
  const outer = asked();
  expect(outer.params.document).toMatchObject({
    name: 'Encoder',
    data: null,
    nodes: [{ kind: 'block', params: { definition: encoder, repeat: 1 }, position: { x: 0, y: 0 } }],
  });
  expect(outer.params.document.blocks.map(({ name }) => name).sort()).toEqual(['Encoder', 'Inner']);
  expect(blockMethods['blocks.keep'].params.safeParse(outer.params).success).toBe(true);
  await outer.answer({});
  expect(told()).toEqual([{ tone: 'good', title: '“Encoder” is kept for other documents' }]);
  void keepBlock(inner);
  expect(asked().params.document.blocks.map(({ name }) => name)).toEqual(['Inner']);
  await keepBlock('gone');
  expect(fake.count('blocks.keep')).toBe(2);
});

it('a block is kept from the whole document, at whatever level it is looked at', () => {
  store().enter(
    store()
      .document.nodes.filter(({ kind }) => kind === 'block')
      .map(({ id }) => id),
  );
  void keepBlock(encoder);
  expect(asked().params.document.blocks).toHaveLength(2);
});

it('undo takes back what was kept', async () => {
  void keepBlock(encoder);
  const call = asked();
  await call.answer({});
  undo();
  expect(fake.next('blocks.discard').params).toEqual({ key: call.params.key });
});

it('one of the same name gives way, which is told, and undo brings it back; a cell of that name is another thing', async () => {
  const before = kept('b1-old', await encoderKept());
  useKeptBlocks.setState({ blocks: [kept('b1-cell', cellOf('Encoder')), before] });
  void keepBlock(encoder);
  const call = asked();
  expect(call.params.key).toBe('b1-old');
  await call.answer({});
  expect(told()[0]?.text).toBe('The one kept under that name before was replaced.');
  undo();
  expect(asked().params).toEqual(before);
  useKeptBlocks.setState({ blocks: [before] });
  void keepCell({ ...node('c', 'custom-cell'), label: 'Encoder' });
  expect(asked().params.key).not.toBe('b1-old');
});

it('a cell is kept under its name, at the origin', () => {
  const cell = { ...node('my-cell', 'custom-cell', { equations: "h' = tanh(W x)" }), label: 'Twice', position: { x: 40, y: 50 } };
  void keepCell(cell);
  const document = unrollDocument.parse(asked().params.document);
  expect(document).toMatchObject({ name: 'Twice', blocks: [] });
  expect(document.nodes).toEqual([{ ...cell, id: 'cell-1', position: { x: 0, y: 0 } }]);
  expect([isKeptCell({ document }), isKeptCell({ document: store().whole })]).toEqual([true, false]);
  // A name may be no longer than a document's.
  void keepCell({ ...cell, label: 'x'.repeat(150) });
  const long = asked().params.document;
  expect([long.name.length, long.nodes[0]?.label?.length]).toEqual([100, 100]);
});

it('a block is renamed with its definition, not with those that lie in it; a cell with its card', async () => {
  const block = kept('b1', await encoderKept());
  void renameKept(block, '  Reader ');
  const renamed = asked().params;
  expect([renamed.key, renamed.document.name]).toEqual(['b1', 'Reader']);
  expect(renamed.document.blocks.map(({ name }) => name).sort()).toEqual(['Inner', 'Reader']);
  void renameKept(kept('b2', cellOf('Old')), 'New');
  const cell = asked().params;
  expect([cell.document.name, cell.document.nodes[0]?.label]).toEqual(['New', 'New']);
  void renameKept(block, 'y'.repeat(150));
  expect(asked().params.document.name).toHaveLength(100);
  await renameKept(block, '   ');
  expect(fake.count('blocks.keep')).toBe(4);
});

it('what is discarded can be brought back', async () => {
  void discardKept(kept('b1', cellOf('Mine')));
  const call = fake.next('blocks.discard');
  expect(call.params).toEqual({ key: 'b1' });
  await call.answer({});
  expect(told()).toEqual([{ tone: 'info', title: '“Mine” is no longer kept', text: 'Documents that hold it keep it.' }]);
  undo();
  const back = fake.next('blocks.restore');
  expect(back.params).toEqual({ key: 'b1' });
  await back.refuse('not-found');
  expect(told().at(-1)).toEqual({ tone: 'bad', title: 'Not undone: refused: not-found' });
});

it.each([
  ['keeping', () => keepBlock(encoder), 'blocks.keep', 'It was not kept: refused: disk-full'],
  ['renaming', () => renameKept(kept('b1', cellOf('Old')), 'New'), 'blocks.keep', 'It was not kept: refused: disk-full'],
  ['discarding', () => discardKept(kept('b1', cellOf('Old'))), 'blocks.discard', 'It was not deleted: refused: disk-full'],
] as const)('%s that fails is told, with nothing to undo', async (_, act, method, title) => {
  void act();
  await fake.next(method).refuse('disk-full');
  expect(told()).toEqual([{ tone: 'bad', title }]);
  expect(useToasts.getState().toasts[0]?.action).toBeUndefined();
});

it('what is kept is what the engine told last; away for a moment, it stays', async () => {
  const blocks = [kept('b1', cellOf('Mine'))];
  void loadKeptBlocks();
  await fake.next('blocks.list').answer({ blocks });
  expect(useKeptBlocks.getState().blocks).toEqual(blocks);
  void loadKeptBlocks();
  await fake.next('blocks.list').refuse('engine-crashed');
  expect([useKeptBlocks.getState().blocks, told()]).toEqual([blocks, []]);
});
