import { memo } from 'react';
import { blockKind, definitionOf } from '../../engine/document/placed-blocks.ts';
import type { GraphNode } from '../../engine/document/schema.ts';
import { renameBlock } from '../../engine/graph/blocks/edit-blocks.ts';
import { setLabel } from '../../engine/graph/edit.ts';
import { findLayer } from '../../engine/layers/registry.ts';
import { isCellNode } from '../cell-editor/is-cell-node.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { announce } from '../store/ui-store.ts';
import { counted, usesOf } from './block-words.ts';
import { NameField, startRenaming, useIsRenaming } from './name-field.tsx';

interface CardNameProps {
  readonly node: GraphNode;
  readonly title: string;
}

/** A card's name; a double-click or F2 changes it in its place. None takes the kind's title again. A block or a cell is opened by a double-click. */
export const CardName = memo(function CardName({ node, title }: CardNameProps) {
  if (useIsRenaming(node.id))
    return <NameField name={title} label={`Name of ${title}`} className="card__name" rename={(name) => rename(node, name)} />;
  if (node.kind === blockKind || isCellNode(node)) return <span className="card__name">{title}</span>;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keyboard has F2
    <span className="card__name" onDoubleClick={() => startRenaming(node.id)}>
      {title}
    </span>
  );
});

function rename(node: GraphNode, name: string): void {
  const { edit, document, whole } = useDocumentStore.getState();
  const definition = node.label === undefined ? definitionOf(document, node) : undefined;
  if (definition !== undefined) {
    edit((d) => renameBlock(d, definition.id, name));
    announce(`Block renamed, in ${counted(usesOf(whole, definition.id), 'place')}.`);
    return;
  }
  const own = findLayer(node.kind)?.title ?? node.kind;
  edit((d) => setLabel(d, node.id, name === own ? '' : name));
  announce(`Renamed to ${name || own}.`);
}
