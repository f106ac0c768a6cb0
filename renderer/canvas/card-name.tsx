import { memo } from 'react';
import { setLabel } from '../../engine/document/edit.ts';
import type { GraphNode } from '../../engine/document/schema.ts';
import { findLayer } from '../../engine/layers/registry.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { titleOf } from '../store/node-cards.ts';
import { announce } from '../store/ui-store.ts';
import { NameField, startRenaming, useIsRenaming } from './name-field.tsx';

/** A card's name; a double-click or F2 changes it in its place. None takes the kind's title again. */
export const CardName = memo(function CardName({ node }: { readonly node: GraphNode }) {
  const title = titleOf(node);
  if (useIsRenaming(node.id))
    return <NameField name={title} label={`Name of ${title}`} className="card__name" rename={(name) => rename(node, name)} />;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keyboard has F2
    <span className="card__name" onDoubleClick={() => startRenaming(node.id)}>
      {title}
    </span>
  );
});

function rename(node: GraphNode, name: string): void {
  const own = findLayer(node.kind)?.title ?? node.kind;
  useDocumentStore.getState().edit((d) => setLabel(d, node.id, name === own ? '' : name));
  announce(`Renamed to ${name || own}.`);
}
