import { ContextMenu } from 'radix-ui';
import { useMemo } from 'react';
import { addNode, insertOnWire } from '../../engine/document/edit.ts';
import type { GraphEdge } from '../../engine/document/schema.ts';
import { findLayer, layerKinds } from '../../engine/layers/registry.ts';
import { portKey } from '../../engine/shapes/infer-shapes.ts';
import { formatShape } from '../../engine/shapes/value-type.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { SubMenu } from '../ui/sub-menu.tsx';
import { focusNode, nameOf } from './canvas-actions.ts';
import { familyColour } from './colours.ts';
import { insertLayer } from './insert-layer.ts';

interface WireMenuProps {
  readonly wire: GraphEdge;
  /** Does it when the menu has closed. */
  onChoose(action: () => void): void;
}

/** What can be done to a wire, under what flows in it. */
export function WireMenu({ wire, onChoose }: WireMenuProps) {
  const value = useDocumentStore((s) => s.inferred.outputs.get(portKey(wire.from.node, wire.from.port)));
  const ends = { source: nameOf(wire.from.node), target: nameOf(wire.to.node) };
  return (
    <>
      <ContextMenu.Label className="menu__label">
        {ends.source} → {ends.target}: {value ? `${value.type} ${formatShape(value)}` : 'not known yet'}
      </ContextMenu.Label>
      <SubMenu title="Insert a layer">
        <FittingLayers wire={wire} onChoose={onChoose} />
      </SubMenu>
      <ContextMenu.Separator className="menu__separator" />
      <ContextMenu.Item className="menu__item" onSelect={() => onChoose(() => focusNode(wire.from.node))}>
        Go to {ends.source}
      </ContextMenu.Item>
      <ContextMenu.Item className="menu__item" onSelect={() => onChoose(() => focusNode(wire.to.node))}>
        Go to {ends.target}
      </ContextMenu.Item>
      <ContextMenu.Separator className="menu__separator" />
    </>
  );
}

/** The layers that can be put into it. */
function FittingLayers({ wire, onChoose }: WireMenuProps) {
  const document = useDocumentStore((s) => s.document);
  const facts = useDocumentStore((s) => s.facts);
  const kinds = useMemo(
    () =>
      layerKinds.filter((kind) => {
        const added = addNode(document, kind, { x: 0, y: 0 });
        return insertOnWire(added.document, facts, wire.id, added.id) !== null;
      }),
    [document, facts, wire],
  );
  if (kinds.length === 0) {
    return (
      <ContextMenu.Item className="menu__item" disabled>
        No layer fits here
      </ContextMenu.Item>
    );
  }
  return kinds.map((kind) => {
    const layer = findLayer(kind);
    return (
      <ContextMenu.Item key={kind} className="menu__item" onSelect={() => onChoose(() => insertLayer(kind, { wire: wire.id }))}>
        <span className="command-list__dot" style={{ background: familyColour(layer?.family) }} />
        {layer?.title}
      </ContextMenu.Item>
    );
  });
}
