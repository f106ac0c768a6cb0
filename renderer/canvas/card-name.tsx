import { memo, useCallback, useLayoutEffect, useRef } from 'react';
import { create } from 'zustand';
import { setLabel } from '../../engine/document/edit.ts';
import type { GraphNode } from '../../engine/document/schema.ts';
import { findLayer } from '../../engine/layers/registry.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { titleOf } from '../store/node-cards.ts';
import { announce } from '../store/ui-store.ts';
import { zoomToFit } from './viewport-store.ts';

/** The node whose name is being changed on its card. */
const useRenaming = create<{ readonly node: string | null }>(() => ({ node: null }));

export function startRenaming(node: string): void {
  useRenaming.setState({ node });
  // What is out of view is not drawn, and has no field.
  if (!document.querySelector(`.react-flow__node[data-id="${CSS.escape(node)}"]`)) zoomToFit([node]);
}

/** A card's name; a double-click or F2 changes it in its place. */
export const CardName = memo(function CardName({ node }: { readonly node: GraphNode }) {
  const renaming = useRenaming((s) => s.node === node.id);
  if (renaming) return <NameField node={node} />;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keyboard has F2
    <span className="card__name" onDoubleClick={() => startRenaming(node.id)}>
      {titleOf(node)}
    </span>
  );
});

/** Enter and leaving the field keep the name, Escape drops it, none takes the kind's title again. */
function NameField({ node }: { readonly node: GraphNode }) {
  const title = titleOf(node);
  const field = useRef<HTMLInputElement>(null);
  const ended = useRef(false);
  const end = useCallback(
    (keep: boolean): void => {
      if (ended.current) return;
      ended.current = true;
      const name = field.current?.value.trim() ?? title;
      useRenaming.setState({ node: null });
      if (keep && name !== title) rename(node, name);
    },
    [node, title],
  );
  useLayoutEffect(() => {
    const input = field.current;
    input?.focus();
    input?.select();
    // A card that leaves the view while its name is changed keeps what was typed.
    return () => end(true);
  }, [end]);
  return (
    <input
      ref={field}
      className="card__name card__name--field nodrag nopan"
      aria-label={`Name of ${title}`}
      defaultValue={title}
      maxLength={200}
      onBlur={() => end(true)}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key !== 'Enter' && event.key !== 'Escape') return;
        end(event.key === 'Enter');
        field.current?.closest<HTMLElement>('.react-flow__node')?.focus();
      }}
    />
  );
}

function rename(node: GraphNode, name: string): void {
  const own = findLayer(node.kind)?.title ?? node.kind;
  useDocumentStore.getState().edit((d) => setLabel(d, node.id, name === own ? '' : name));
  announce(`Renamed to ${name || own}.`);
}
