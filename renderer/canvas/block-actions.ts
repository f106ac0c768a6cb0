import { nodeOf } from '../../engine/document/node-of.ts';
import { type blockInputKind, blockOutputKind, definitionOf } from '../../engine/document/placed-blocks.ts';
import type { GraphNode } from '../../engine/document/schema.ts';
import { collapse } from '../../engine/graph/blocks/collapse.ts';
import { detachBlock } from '../../engine/graph/blocks/detach.ts';
import { addBlockPort, unpack } from '../../engine/graph/blocks/edit-blocks.ts';
import type { Refused } from '../../engine/graph/blocks/names.ts';
import { setRepeat } from '../../engine/graph/blocks/repeat.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { graphAt } from '../store/levels.ts';
import { titleOf } from '../store/node-cards.ts';
import { announce } from '../store/ui-store.ts';
import { toast } from '../ui/toast-store.ts';
import { freeInView, nameOf } from './canvas-actions.ts';
import { drawnSize } from './drawn-store.ts';
import { focusPort, focusWhenDrawn } from './focus-node.ts';
import { withContents } from './frame-contents.ts';
import { cardSize } from './make-room.ts';
import { askName } from './name-field.tsx';

const store = useDocumentStore.getState;

export function refuse({ message, fix }: Refused): void {
  toast({ tone: 'bad', title: `Not done: ${message}`, text: fix });
}

/** The placed block that alone is selected. */
export function selectedBlock(): GraphNode | undefined {
  const { selection, document } = store();
  const [id] = selection;
  const node = selection.size === 1 ? nodeOf(document, id) : undefined;
  return node && definitionOf(document, node) ? node : undefined;
}

/** Puts what is selected, and what lies in selected frames, into a block, and asks for its name in place. */
export function collapseSelection(): void {
  const { document, selection } = store();
  const made = collapse(document, withContents(selection, document, drawnSize), 'Block');
  if (!made.ok) {
    refuse(made);
    return;
  }
  store().edit(() => made.document);
  store().select([made.id]);
  askName(made.id);
  announce('Collapsed into a block. Type its name.');
}

/** Puts what a block holds in its place. */
export function expandBlock(): void {
  const block = selectedBlock();
  if (!block) return;
  const name = nameOf(block.id);
  const opened = unpack(store().document, block.id);
  if (!opened.ok) {
    refuse(opened);
    return;
  }
  store().edit(() => opened.document);
  store().select(opened.ids);
  announce(`${name} expanded. It stays among your blocks.`);
}

/** Shows what is inside a block. */
export function openBlock(id: string): void {
  const { level, document, enter } = store();
  const node = nodeOf(document, id);
  if (!node || !definitionOf(document, node)) return;
  enter([...level, id]);
  announce(`Inside ${titleOf(document, node)}.`);
  // The block had the focus, and is not drawn any more: Escape leads out again.
  requestAnimationFrame(() => focusPort(null));
}

/** Shows the level around, with the block that was left selected. */
export function leaveBlock(depth = store().level.length - 1): void {
  const { level, enter, whole } = store();
  const left = level[depth];
  if (left === undefined) return;
  enter(level.slice(0, depth));
  const around = nodeOf(graphAt(whole, level.slice(0, depth - 1)), level[depth - 1]);
  announce(around === undefined ? `In ${whole.name}.` : `Inside ${titleOf(whole, around)}.`);
  focusWhenDrawn(left);
}

export function repeatBlock(id: string, repeat: number): void {
  const { document, facts, edit } = store();
  const repeated = setRepeat(document, facts, id, repeat);
  if (repeated.ok) edit(() => repeated.document, `repeat:${id}`);
  else refuse(repeated);
}

export function detachSelected(): void {
  const block = selectedBlock();
  if (!block) return;
  store().edit((document) => detachBlock(document, block.id));
  announce(`${nameOf(block.id)} is a block of its own now.`);
}

/** Adds a port to the block that is looked at, and asks for its name. */
export function addPort(kind: typeof blockInputKind | typeof blockOutputKind): void {
  if (store().level.length === 0) return;
  const added = addBlockPort(store().document, kind, freeInView(cardSize));
  store().edit(() => added.document);
  store().select([added.id]);
  askName(added.id);
  announce(`${kind === blockOutputKind ? 'Output' : 'Input'} added to the block.`);
}
