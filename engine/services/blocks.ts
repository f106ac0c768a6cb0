import { parseDocument } from '../document/migrations.ts';
import type { KeptBlock } from '../protocol/blocks.ts';
import { discardCopy, keepCopy, listCopies, readCopy, restoreCopy } from './autosave.ts';
import type { EngineContext, Service } from './context.ts';
import { documentOrThrow } from './document-file.ts';

/** Blocks that a person keeps for all documents: each a document in a file of its own, so that older ones are migrated as documents are. */
export function blockService({ home, emit }: Pick<EngineContext, 'home' | 'emit'>): Service<'blocks'> {
  const told = async (change: Promise<void>): Promise<Record<string, never>> => {
    await change;
    emit('blocks.changed', {});
    return {};
  };
  return {
    'blocks.list': async () => {
      const copies = await listCopies(home.blocks);
      const read = await Promise.all(copies.map(({ key }) => keptBlock(home.blocks, key)));
      const blocks = read.filter((block) => block !== null);
      return { blocks: blocks.sort((a, b) => a.document.name.localeCompare(b.document.name)) };
    },
    'blocks.keep': ({ key, document }) => told(keepCopy(home.blocks, key, null, document)),
    'blocks.discard': ({ key }) => told(discardCopy(home.blocks, key)),
    'blocks.restore': ({ key }) => told(restoreCopy(home.blocks, key)),
  };
}

/** `null` for a file that is no block of this version or an older one: it stays where it is. */
async function keptBlock(folder: string, key: string): Promise<KeptBlock | null> {
  try {
    const copy = await readCopy(folder, key);
    return { key, document: documentOrThrow(parseDocument(copy.document), copy.name).document };
  } catch (error) {
    console.error(`engine: the kept block ${key} cannot be read`, error);
    return null;
  }
}
