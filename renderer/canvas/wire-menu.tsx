import { ContextMenu } from 'radix-ui';
import { useMemo } from 'react';
import type { GraphEdge } from '../../engine/document/schema.ts';
import { insertOnWire } from '../../engine/graph/edit.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { SubMenu } from '../ui/sub-menu.tsx';
import { focusNode, nameOf } from './canvas-actions.ts';
import { insertPart } from './insert-part.ts';
import { useParts } from './parts.ts';
import { useFlowWords } from './use-flow-words.ts';

interface WireMenuProps {
  readonly wire: GraphEdge;
  /** Does it when the menu has closed. */
  onChoose(action: () => void): void;
}

/** What can be done to a wire, under what flows in it. */
export function WireMenu({ wire, onChoose }: WireMenuProps) {
  const flows = useFlowWords(wire);
  const ends = { source: nameOf(wire.from.node), target: nameOf(wire.to.node) };
  return (
    <>
      <ContextMenu.Label className="menu__label">
        {ends.source} → {ends.target}: {flows}
      </ContextMenu.Label>
      <SubMenu title="Insert a layer or block">
        <FittingParts wire={wire} onChoose={onChoose} />
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

/** The layers and blocks that can be put into it. */
function FittingParts({ wire, onChoose }: WireMenuProps) {
  const document = useDocumentStore((s) => s.document);
  const facts = useDocumentStore((s) => s.facts);
  const parts = useParts();
  const fitting = useMemo(
    () =>
      parts.filter((part) => {
        const put = part.put(document, { x: 0, y: 0 });
        return put.ok && insertOnWire(put.document, facts, wire.id, put.id) !== null;
      }),
    [parts, document, facts, wire],
  );
  if (fitting.length === 0) {
    return (
      <ContextMenu.Item className="menu__item" disabled>
        Nothing fits here
      </ContextMenu.Item>
    );
  }
  return fitting.map((part) => (
    <ContextMenu.Item key={part.id} className="menu__item" onSelect={() => onChoose(() => insertPart(part, { wire: wire.id }))}>
      <span className="command-list__dot" style={{ background: part.colour }} />
      {part.title}
      {part.note !== undefined && <span className="command-list__hint">{part.note}</span>}
    </ContextMenu.Item>
  ));
}
