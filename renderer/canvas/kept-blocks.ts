import { create } from 'zustand';
import { findDefinition, usedDefinitions } from '../../engine/document/placed-blocks.ts';
import { emptyDocument, type GraphNode, type UnrollDocument } from '../../engine/document/schema.ts';
import type { KeptBlock } from '../../engine/protocol/blocks.ts';
import { engine } from '../bridge/engine.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { newKey } from '../store/new-key.ts';
import { titleOf } from '../store/node-cards.ts';
import { toast, toastFailure } from '../ui/toast-store.ts';

/** Blocks and cells that the person keeps for all documents; what the engine told last. */
export const useKeptBlocks = create<{ readonly blocks: readonly KeptBlock[] }>(() => ({ blocks: [] }));

export async function loadKeptBlocks(): Promise<void> {
  try {
    useKeptBlocks.setState(await engine.call('blocks.list', {}));
  } catch {
    // Away for a moment: the banner says so, and they are asked for again.
  }
}

/** A document of its own for a block, with what its blocks need. */
function documentOfBlock(document: Pick<UnrollDocument, 'blocks'>, definition: string): UnrollDocument | null {
  const block = findDefinition(document, definition);
  if (!block) return null;
  const placed: GraphNode = {
    id: 'block-1',
    kind: 'block',
    params: { definition, repeat: 1 },
    position: { x: 0, y: 0 },
  };
  const used = usedDefinitions(document, [placed]);
  return { ...emptyDocument(block.name), nodes: [placed], blocks: document.blocks.filter(({ id }) => used.has(id)) };
}

/** Whether what is kept is a cell: a document with a node of its own kind in the place of a block. */
export const isKeptCell = ({ document }: Pick<KeptBlock, 'document'>): boolean =>
  document.nodes.some(({ kind }) => kind === 'custom-cell');

/** Keeps a block of this document for all documents. */
export async function keepBlock(definition: string): Promise<void> {
  const document = documentOfBlock(useDocumentStore.getState().whole, definition);
  if (document) await keep(document);
}

/** Keeps a cell of one's own for all documents. */
export async function keepCell(node: GraphNode): Promise<void> {
  const name = titleOf(useDocumentStore.getState().document, node).slice(0, 100);
  const kept: GraphNode = { ...node, id: 'cell-1', label: name, position: { x: 0, y: 0 } };
  await keep({ ...emptyDocument(name), nodes: [kept] });
}

/** One of the same name gives way to it, which can be undone. */
async function keep(document: UnrollDocument): Promise<void> {
  const cell = isKeptCell({ document });
  const same = (one: KeptBlock): boolean => one.document.name === document.name && isKeptCell(one) === cell;
  const before = useKeptBlocks.getState().blocks.find(same);
  const key = before?.key ?? newKey('b');
  try {
    await engine.call('blocks.keep', { key, document });
    toast({
      tone: 'good',
      title: `“${document.name}” is kept for other documents`,
      ...(before ? { text: 'The one kept under that name before was replaced.' } : {}),
      action: {
        label: 'Undo',
        run: () => void (before ? again(before) : engine.call('blocks.discard', { key }).catch(failed)),
      },
    });
  } catch (error) {
    failed(error);
  }
}

const failed = (error: unknown): void => toastFailure(error, 'It was not kept');
const again = (block: KeptBlock): Promise<unknown> => engine.call('blocks.keep', block).catch(failed);

export async function renameKept(block: KeptBlock, name: string): Promise<void> {
  const short = name.trim().slice(0, 100);
  if (short === '') return;
  const blocks = block.document.blocks.map((one) => (isPlaced(block, one.id) ? { ...one, name: short } : one));
  const nodes = isKeptCell(block) ? block.document.nodes.map((node) => ({ ...node, label: short })) : block.document.nodes;
  await again({ ...block, document: { ...block.document, name: short, blocks, nodes } });
}

const isPlaced = ({ document }: KeptBlock, definition: string): boolean =>
  document.nodes.some((node) => node.params['definition'] === definition);

export async function discardKept({ key, document }: KeptBlock): Promise<void> {
  try {
    await engine.call('blocks.discard', { key });
    toast({
      tone: 'info',
      title: `“${document.name}” is no longer kept`,
      text: 'Documents that hold it keep it.',
      action: {
        label: 'Undo',
        run: () => void engine.call('blocks.restore', { key }).catch((error: unknown) => toastFailure(error, 'Not undone')),
      },
    });
  } catch (error) {
    toastFailure(error, 'It was not deleted');
  }
}
