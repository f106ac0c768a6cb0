import { Command } from 'cmdk';
import { useMemo, useRef, useState } from 'react';
import { create } from 'zustand';
import { type LayerKindName, layerKinds } from '../../engine/layers/registry.ts';
import { bestLayer, familyTitles, findLayers } from '../palette/find-layers.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { nameOf, portLabel } from './canvas-actions.ts';
import { CanvasPopover } from './canvas-popover.tsx';
import { familyColour } from './colours.ts';
import { focusPort } from './focus-node.ts';
import { insertLayer, insertWired } from './insert-layer.ts';
import { cardSize } from './make-room.ts';
import { type PortEnd, possibleKinds } from './port-choices.ts';
import { useViewport } from './viewport-store.ts';

interface Pending {
  /** The port that the wire was drawn from; `null` where there is no wire. */
  readonly end: PortEnd | null;
  /** Where the layer goes, on the screen. */
  readonly screen: { readonly x: number; readonly y: number };
}

export const useQuickAdd = create<{ readonly pending: Pending | null }>(() => ({ pending: null }));

/** A wire dropped on empty canvas, or a double click there: which layer goes here? */
export function QuickAdd() {
  const pending = useQuickAdd((s) => s.pending);
  const chosen = useRef(false);
  if (!pending) return null;
  const { end, screen } = pending;
  const close = (): void => useQuickAdd.setState({ pending: null });
  const choose = (add: Offer['add']): void => {
    const at = useViewport.getState().flow?.screenToFlowPosition(screen) ?? { x: 0, y: 0 };
    chosen.current = true;
    close();
    add(at);
  };
  return (
    <CanvasPopover
      anchor={screen}
      label={end ? 'Add a layer to this wire' : 'Add a layer here'}
      side="right"
      onClose={close}
      onCloseFocus={() => {
        if (!chosen.current) focusPort(end);
        chosen.current = false;
      }}
    >
      <LayerList end={end} onChoose={choose} />
    </CanvasPopover>
  );
}

/** A layer, at one of its ports where several fit. */
interface Offer {
  readonly kind: LayerKindName;
  readonly port?: string;
  readonly label?: string;
  add(at: { readonly x: number; readonly y: number }): void;
}

/** Every layer, or those that fit a port, with each of their ports that does. */
function useOffers(end: PortEnd | null): readonly Offer[] {
  const document = useDocumentStore((s) => s.document);
  const facts = useDocumentStore((s) => s.facts);
  return useMemo(() => {
    if (end === null) return layerKinds.map((kind) => ({ kind, add: (at) => insertLayer(kind, { at }) }));
    const left = end.direction === 'input' ? cardSize.width : 0;
    const fits = possibleKinds(document, facts, end.port, end.direction);
    return fits.map((fit) => ({
      kind: fit.kind,
      port: fit.port,
      ...(fits.filter(({ kind }) => kind === fit.kind).length > 1 ? { label: fit.label } : {}),
      add: ({ x, y }) => insertWired(fit, { x: x - left, y: y - cardSize.height / 2 }, end),
    }));
  }, [document, facts, end]);
}

interface LayerListProps {
  readonly end: PortEnd | null;
  readonly onChoose: (add: Offer['add']) => void;
}

/** Found as in the palette on the left; Enter takes the same. */
function LayerList({ end, onChoose }: LayerListProps) {
  const offers = useOffers(end);
  const [search, setSearch] = useState('');
  const [value, setValue] = useState('');
  const idOf = ({ kind, port }: Offer): string => `${kind}/${port ?? ''}`;
  const kinds = new Set<string>(offers.map(({ kind }) => kind));
  const look = (text: string): void => {
    setSearch(text);
    const best = bestLayer(text, kinds);
    const first = offers.find(({ kind }) => kind === best?.kind);
    if (first) setValue(idOf(first));
  };
  const groups = findLayers(search, kinds);
  return (
    <Command className="command-list" label="Layers" shouldFilter={false} value={value} onValueChange={setValue} loop>
      {end && <p className="canvas-popover__title">{wireWords(end)}</p>}
      <Command.Input
        className="command-list__input"
        placeholder="Add a layer here…"
        value={search}
        onValueChange={look}
        autoFocus
      />
      <Command.List className="command-list__items">
        <Command.Empty className="command-list__empty">
          {end ? 'No layer of that name fits.' : 'No layer of that name.'}
        </Command.Empty>
        {groups.map(({ family, layers }) => (
          <Command.Group key={family} heading={familyTitles[family]}>
            {layers.flatMap((layer) =>
              offers
                .filter(({ kind }) => kind === layer.kind)
                .map((offer) => (
                  <Command.Item key={idOf(offer)} value={idOf(offer)} onSelect={() => onChoose(offer.add)}>
                    <span className="command-list__dot" style={{ background: familyColour(layer.family) }} />
                    {layer.title}
                    {offer.label !== undefined && <span className="command-list__hint">{offer.label}</span>}
                  </Command.Item>
                )),
            )}
          </Command.Group>
        ))}
      </Command.List>
    </Command>
  );
}

const wireWords = (end: PortEnd): string =>
  `${end.direction === 'output' ? 'From' : 'Into'} ${nameOf(end.port.node)} · ${portLabel(end)}`;
