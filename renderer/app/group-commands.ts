import { frameColours } from '../../engine/document/schema.ts';
import { collapseSelection, detachSelected, expandBlock, leaveBlock, openBlock, selectedBlock } from '../canvas/block-actions.ts';
import { colourFrames, frameSelection, selectedFrames } from '../canvas/frame-actions.ts';
import { keepBlock } from '../canvas/kept-blocks.ts';
import { useDocumentStore } from '../store/document-store.ts';
import type { Command } from './commands.ts';

const doc = useDocumentStore.getState;
const chosen = (): boolean => doc().selection.size > 0;
const blockChosen = (): boolean => selectedBlock() !== undefined;

/** Blocks and frames, with the keys that Figma has for groups and frames. */
export const groupCommands: readonly Command[] = [
  {
    id: 'block.collapse',
    title: 'Collapse into a block',
    group: 'Edit',
    keys: ['mod+g'],
    canvas: true,
    enabled: chosen,
    run: collapseSelection,
  },
  {
    id: 'block.expand',
    title: 'Expand the block',
    group: 'Edit',
    keys: ['mod+shift+g'],
    canvas: true,
    enabled: blockChosen,
    run: expandBlock,
  },
  {
    id: 'block.open',
    title: 'Open the block',
    group: 'Edit',
    keys: ['enter'],
    canvas: true,
    enabled: blockChosen,
    run: () => openBlock(selectedBlock()?.id ?? ''),
  },
  {
    id: 'block.leave',
    title: 'Go out of the block',
    group: 'Edit',
    keys: ['alt+arrowup'],
    canvas: true,
    enabled: () => doc().level.length > 0,
    run: () => leaveBlock(),
  },
  {
    id: 'block.detach',
    title: 'Detach a copy of the block',
    group: 'Edit',
    canvas: true,
    enabled: blockChosen,
    run: detachSelected,
  },
  {
    id: 'block.keep',
    title: 'Keep the block for other documents',
    group: 'Edit',
    canvas: true,
    enabled: blockChosen,
    run: () => void keepBlock(String(selectedBlock()?.params['definition'])),
  },
  {
    id: 'edit.frame',
    title: 'Frame the selection',
    group: 'Edit',
    keys: ['mod+alt+g'],
    canvas: true,
    run: frameSelection,
  },
  ...frameColours.map(
    (colour): Command => ({
      id: `frame.${colour}`,
      title: `Colour the frame ${colour}`,
      group: 'Edit',
      canvas: true,
      enabled: () => selectedFrames().length > 0,
      run: () => colourFrames(colour),
    }),
  ),
];
