import { Command } from 'cmdk';
import { Popover } from 'radix-ui';
import { create } from 'zustand';
import type { PortRef } from '../../engine/document/edit.ts';
import { findLayer } from '../../engine/layers/registry.ts';
import { useDocumentStore } from '../store/document-store.ts';
import '../palette/command-list.css';
import { insertWired } from './canvas-actions.ts';
import { familyColour } from './colours.ts';
import { type Direction, possibleKinds } from './port-choices.ts';
import { useViewport } from './viewport-store.ts';

interface Pending {
  readonly from: PortRef;
  readonly direction: Direction;
  /** Where the wire was dropped, on the screen. */
  readonly screen: { readonly x: number; readonly y: number };
}

export const useQuickAdd = create<{ readonly pending: Pending | null }>(() => ({ pending: null }));

/** A wire dropped on empty canvas: which layer should take it? */
export function QuickAdd() {
  const pending = useQuickAdd((s) => s.pending);
  const document = useDocumentStore((s) => s.document);
  const facts = useDocumentStore((s) => s.facts);
  if (!pending) return null;
  const close = (): void => useQuickAdd.setState({ pending: null });
  const kinds = possibleKinds(document, facts, pending.from, pending.direction);
  return (
    <Popover.Root open onOpenChange={(open) => !open && close()}>
      <Popover.Anchor style={{ position: 'fixed', left: pending.screen.x, top: pending.screen.y, width: 1, height: 1 }} />
      <Popover.Portal>
        <Popover.Content
          className="quick-add"
          side="right"
          align="start"
          collisionPadding={12}
          aria-label="Add a layer to this wire"
        >
          <Command className="command-list" label="Layers that fit this wire" loop>
            <Command.Input className="command-list__input" placeholder="Add a layer here…" autoFocus />
            <Command.List className="command-list__items">
              <Command.Empty className="command-list__empty">No layer takes this wire.</Command.Empty>
              {kinds.map(({ kind }) => {
                const layer = findLayer(kind);
                return (
                  <Command.Item
                    key={kind}
                    value={`${layer?.title} ${layer?.keywords.join(' ')}`}
                    onSelect={() => {
                      const at = useViewport.getState().flow?.screenToFlowPosition(pending.screen) ?? { x: 0, y: 0 };
                      const left = pending.direction === 'input' ? 178 : 0;
                      insertWired(kind, { x: at.x - left, y: at.y - 31 }, pending.from, pending.direction);
                      close();
                    }}
                  >
                    <span className="command-list__dot" style={{ background: familyColour(layer?.family) }} />
                    {layer?.title}
                  </Command.Item>
                );
              })}
            </Command.List>
          </Command>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
