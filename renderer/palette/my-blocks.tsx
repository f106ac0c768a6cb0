import { EllipsisVertical } from 'lucide-react';
import { useEffect, useState } from 'react';
import { removeUnusedBlocks, renameBlock } from '../../engine/graph/blocks/edit-blocks.ts';
import type { KeptBlock } from '../../engine/protocol/blocks.ts';
import { useConnection, useEngineEvent } from '../bridge/engine.ts';
import { counted, layersIn, usesOf } from '../canvas/block-words.ts';
import { insertPart } from '../canvas/insert-part.ts';
import { discardKept, isKeptCell, keepBlock, loadKeptBlocks, renameKept, useKeptBlocks } from '../canvas/kept-blocks.ts';
import { startBlockDrag } from '../canvas/layer-drag.ts';
import { blockPart, keptPart, type Part } from '../canvas/parts.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { IconButton } from '../ui/button.tsx';
import { Menu, type MenuEntry } from '../ui/menu.tsx';
import { Tooltip } from '../ui/tooltip.tsx';
import { isNamed } from './find-layers.ts';

interface MyBlock {
  readonly kind: 'block' | 'cell';
  /** The definition's, or the kept block's key. */
  readonly id: string;
  readonly part: Part;
  readonly summary: string;
  readonly kept: KeptBlock | null;
  /** How often it is placed in this document. */
  readonly uses: number;
}

/** Blocks of this document, then blocks and cells that are kept for all documents, by their names. */
export function useMyBlocks(search: string): readonly MyBlock[] {
  const whole = useDocumentStore((s) => s.whole);
  const kept = useKeptBlocks((s) => s.blocks);
  const own = whole.blocks.map((block): MyBlock => {
    const { id, nodes } = block;
    const uses = usesOf(whole, id);
    const size = counted(layersIn(whole.blocks, nodes), 'layer');
    return {
      id,
      kind: 'block',
      part: blockPart(block),
      kept: null,
      uses,
      summary: `${size}, ${uses === 0 ? 'placed nowhere' : `placed ${counted(uses, 'time')}`}`,
    };
  });
  const others = kept.map(
    (block): MyBlock => ({
      id: block.key,
      kind: isKeptCell(block) ? 'cell' : 'block',
      part: keptPart(block),
      kept: block,
      uses: 0,
      summary: 'Kept for all documents',
    }),
  );
  return [...own, ...others].filter(({ part }) => isNamed(search, part.title));
}

/** To drag or click as layers are; each with its own menu. */
export function MyBlocks({ search }: { readonly search: string }) {
  const generation = useConnection((s) => s.generation);
  useEngineEvent('blocks.changed', () => void loadKeptBlocks());
  useEffect(() => {
    if (generation > 0) void loadKeptBlocks();
  }, [generation]);
  const blocks = useMyBlocks(search);
  return (['block', 'cell'] as const).map((kind) => (
    <Section key={kind} kind={kind} blocks={blocks.filter((block) => block.kind === kind)} />
  ));
}

function Section({ kind, blocks }: { readonly kind: MyBlock['kind']; readonly blocks: readonly MyBlock[] }) {
  const [renaming, setRenaming] = useState<string | null>(null);
  if (blocks.length === 0) return null;
  return (
    <section aria-label={`My ${kind}s`}>
      <h2 className="section-title layer-palette__family">My {kind}s</h2>
      {blocks.map((block) =>
        renaming === block.id ? (
          <RenameField key={block.id} block={block} end={() => setRenaming(null)} />
        ) : (
          <div key={block.id} className="layer-palette__block">
            <Tooltip content={block.summary} side="right">
              <button
                type="button"
                className="layer-palette__item"
                draggable
                aria-label={`Add ${kind} ${block.part.title}${block.kept ? ', kept' : ''}`}
                onDragStart={(event) => startBlockDrag(event.dataTransfer, block.id, block.part)}
                onClick={() => insertPart(block.part)}
              >
                <span className="layer-palette__dot layer-palette__dot--block" data-kind={kind} data-kept={block.kept !== null} />
                {block.part.title}
              </button>
            </Tooltip>
            <Menu
              align="end"
              trigger={
                <IconButton label={`Menu of ${kind} ${block.part.title}`} size="small">
                  <EllipsisVertical size={13} aria-hidden />
                </IconButton>
              }
              groups={[menuOf(block, () => setRenaming(block.id))]}
            />
          </div>
        ),
      )}
    </section>
  );
}

function menuOf({ id, kept, uses }: MyBlock, rename: () => void): MenuEntry[] {
  // The menu gives the focus back first.
  const renameEntry: MenuEntry = { id: 'rename', label: 'Rename', run: () => void setTimeout(rename, 0) };
  if (kept) return [renameEntry, { id: 'discard', label: 'Delete', danger: true, run: () => void discardKept(kept) }];
  const remove = (): void => useDocumentStore.getState().editWhole((whole) => removeUnusedBlocks(whole, id));
  return [
    renameEntry,
    { id: 'keep', label: 'Keep for other documents', run: () => void keepBlock(id) },
    {
      id: 'remove',
      label: uses > 0 ? `Delete (placed ${counted(uses, 'time')})` : 'Delete',
      danger: true,
      disabled: uses > 0,
      run: remove,
    },
  ];
}

function RenameField({ block, end }: { readonly block: MyBlock; end(): void }) {
  const take = (name: string): void => {
    end();
    if (name.trim() === '' || name.trim() === block.part.title) return;
    if (block.kept) void renameKept(block.kept, name);
    else useDocumentStore.getState().editWhole((whole) => renameBlock(whole, block.id, name));
  };
  return (
    <input
      ref={(field) => field?.focus()}
      className="input layer-palette__rename"
      aria-label={`Name of ${block.kind} ${block.part.title}`}
      defaultValue={block.part.title}
      maxLength={100}
      onBlur={(event) => take(event.target.value)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') take(event.currentTarget.value);
        if (event.key === 'Escape') end();
      }}
    />
  );
}
