import { frameColours } from '../../engine/document/schema.ts';
import { collapseSelection, detachSelected, expandBlock, leaveBlock, openBlock, selectedBlock } from '../canvas/block-actions.ts';
import { colourFrames, frameSelection, selectedFrames } from '../canvas/frame-actions.ts';
import { keepBlock, keepCell } from '../canvas/kept-blocks.ts';
import { editAsOwn, ownKind } from '../cell-editor/cell-actions.ts';
import { cellThatIsOpen, isCellOpen, leaveCell, openCell, selectedCell } from '../cell-editor/open-cell.ts';
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
    title: 'Open the block or the cell',
    group: 'Edit',
    keys: ['enter'],
    canvas: true,
    enabled: () => blockChosen() || selectedCell() !== undefined,
    run: () => {
      const cell = selectedCell();
      if (cell) openCell(cell.id);
      else openBlock(selectedBlock()?.id ?? '');
    },
  },
  {
    id: 'block.leave',
    title: 'Go out of the block or the cell',
    group: 'Edit',
    keys: ['alt+arrowup'],
    canvas: true,
    inCell: true,
    enabled: () => doc().level.length > 0 || isCellOpen(),
    run: () => (isCellOpen() ? leaveCell() : leaveBlock()),
  },
  {
    id: 'cell.own',
    title: 'Edit the cell as one of your own',
    group: 'Edit',
    canvas: true,
    inCell: true,
    enabled: () => (cellThatIsOpen() ?? selectedCell() ?? { kind: ownKind }).kind !== ownKind,
    run: () => {
      const cell = cellThatIsOpen() ?? selectedCell();
      if (!cell) return;
      editAsOwn(cell);
      openCell(cell.id);
    },
  },
  {
    id: 'cell.keep',
    title: 'Save the cell to My cells',
    group: 'Edit',
    canvas: true,
    inCell: true,
    enabled: () => (cellThatIsOpen() ?? selectedCell())?.kind === ownKind,
    run: () => {
      const cell = cellThatIsOpen() ?? selectedCell();
      if (cell) void keepCell(cell);
    },
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
