import { Command } from 'cmdk';
import { useMemo, useRef, useState } from 'react';
import { create } from 'zustand';
import { blockKind } from '../../engine/document/placed-blocks.ts';
import { bestOf, familyTitles, findLayers, isNamed } from '../palette/find-layers.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { nameOf, portLabel } from './canvas-actions.ts';
import { CanvasPopover } from './canvas-popover.tsx';
import { focusPort } from './focus-node.ts';
import { insertPart, insertWired } from './insert-part.ts';
import { cardSize } from './make-room.ts';
import { type Part, useParts } from './parts.ts';
import { type PortEnd, possibleParts } from './port-choices.ts';
import { inDocument } from './seen-graph.ts';
import { useViewport } from './viewport-store.ts';

interface Pending {
  /** The port that the wire was drawn from; `null` where there is no wire. */
  readonly end: PortEnd | null;
  /** Where the layer goes, on the screen. */
  readonly screen: { readonly x: number; readonly y: number };
}

export const useQuickAdd = create<{ readonly pending: Pending | null }>(() => ({ pending: null }));

/** A wire dropped on empty canvas, or a double click there: which layer or block goes here? */
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
    add(inDocument(at));
  };
  return (
    <CanvasPopover
      anchor={screen}
      label={end ? 'Add a layer or block to this wire' : 'Add a layer or block here'}
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

/** A layer or block, at one of its ports where several fit. */
interface Offer {
  readonly part: Part;
  readonly port?: string;
  readonly label?: string;
  add(at: { readonly x: number; readonly y: number }): void;
}

/** Every layer and block, or those that fit a port, with each of their ports that does. */
function useOffers(end: PortEnd | null): readonly Offer[] {
  const parts = useParts();
  const document = useDocumentStore((s) => s.document);
  const facts = useDocumentStore((s) => s.facts);
  return useMemo(() => {
    if (end === null) return parts.map((part) => ({ part, add: (at) => insertPart(part, { at }) }));
    const left = end.direction === 'input' ? cardSize.width : 0;
    const fits = possibleParts(parts, document, facts, end.port, end.direction);
    return fits.map((fit) => ({
      part: fit.part,
      port: fit.port,
      ...(fits.filter(({ part }) => part === fit.part).length > 1 ? { label: fit.label } : {}),
      add: ({ x, y }) => insertWired(fit, { x: x - left, y: y - cardSize.height / 2 }, end),
    }));
  }, [parts, document, facts, end]);
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
  const kinds = new Set(offers.map(({ part }) => part.kind));
  const found = (text: string): readonly { readonly heading: string; readonly offers: readonly Offer[] }[] => [
    ...findLayers(text, kinds).map(({ family, layers }) => ({
      heading: familyTitles[family],
      offers: layers.flatMap(({ kind }) => offers.filter(({ part }) => part.kind === kind)),
    })),
    { heading: 'My blocks', offers: offers.filter(({ part }) => part.kind === blockKind && isNamed(text, part.title)) },
  ];
  const look = (text: string): void => {
    setSearch(text);
    const all = found(text).flatMap((group) => group.offers);
    const best = bestOf(
      text,
      all.map((offer) => ({ title: offer.part.title, offer })),
    );
    if (best) setValue(idOf(best.offer));
  };
  const groups = found(search).filter((group) => group.offers.length > 0);
  return (
    <Command className="command-list" label="Layers and blocks" shouldFilter={false} value={value} onValueChange={setValue} loop>
      {end && <p className="canvas-popover__title">{wireWords(end)}</p>}
      <Command.Input
        className="command-list__input"
        placeholder="Add a layer or block…"
        value={search}
        onValueChange={look}
        autoFocus
      />
      <Command.List className="command-list__items">
        <Command.Empty className="command-list__empty">
          {end ? 'Nothing of that name fits.' : 'Nothing of that name.'}
        </Command.Empty>
        {groups.map((group) => (
          <Command.Group key={group.heading} heading={group.heading}>
            {group.offers.map((offer) => (
              <Command.Item key={idOf(offer)} value={idOf(offer)} onSelect={() => onChoose(offer.add)}>
                <span className="command-list__dot" style={{ background: offer.part.colour }} />
                {offer.part.title}
                {hintOf(offer) !== '' && <span className="command-list__hint">{hintOf(offer)}</span>}
              </Command.Item>
            ))}
          </Command.Group>
        ))}
      </Command.List>
    </Command>
  );
}

const idOf = ({ part, port }: Offer): string => `${part.id}/${port ?? ''}`;
const hintOf = ({ part, label }: Offer): string => [part.note, label].filter(Boolean).join(' · ');

const wireWords = (end: PortEnd): string =>
  `${end.direction === 'output' ? 'From' : 'Into'} ${nameOf(end.port.node)} · ${portLabel(end)}`;
