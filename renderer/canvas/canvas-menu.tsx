import { ContextMenu } from 'radix-ui';
import { Fragment, type ReactNode, useRef, useState } from 'react';
import { nodeOf } from '../../engine/document/node-of.ts';
import { definitionOf } from '../../engine/document/placed-blocks.ts';
import { frameColours, type GraphEdge } from '../../engine/document/schema.ts';
import { alignCommands } from '../app/align-commands.ts';
import { commandsById, runCommand } from '../app/commands.ts';
import { keyLabel } from '../app/keys.ts';
import { isCellNode } from '../cell-editor/is-cell-node.ts';
import { useDocumentStore } from '../store/document-store.ts';
import '../ui/select.css';
import { SubMenu } from '../ui/sub-menu.tsx';
import { placedCount } from './align-actions.ts';
import { WireMenu } from './wire-menu.tsx';

const onItems: readonly (readonly string[])[] = [
  ['wire.start', 'edit.rename'],
  ['block.collapse', 'edit.frame'],
  ['edit.cut', 'edit.copy', 'edit.duplicate'],
  ['view.unfold', 'view.fit-selection'],
  ['edit.delete'],
];
const onBlock: readonly (readonly string[])[] = [['block.open', 'block.expand', 'block.detach', 'block.keep'], ...onItems];
const onCell: readonly (readonly string[])[] = [['block.open', 'cell.own', 'cell.keep'], ...onItems];
const onFrames: readonly (readonly string[])[] = [
  ['edit.rename', 'edit.frame'],
  frameColours.map((colour) => `frame.${colour}`),
  ['edit.cut', 'edit.copy', 'edit.duplicate'],
  ['view.fit-selection'],
  ['edit.delete'],
];
const onWire: readonly (readonly string[])[] = [['wire.start'], ['edit.delete']];
const onCanvas: readonly (readonly string[])[] = [
  ['layer.find', 'edit.comment', 'edit.frame'],
  ['edit.paste', 'edit.select-all'],
  ['view.arrange', 'view.fit'],
  ['view.save-png', 'view.save-svg'],
];

/** The canvas' context menu: of what was clicked when that was an item, of the canvas otherwise. */
export function CanvasMenu({ children }: { readonly children: ReactNode }) {
  const [groups, setGroups] = useState(onCanvas);
  const [wire, setWire] = useState<GraphEdge | null>(null);
  /** What was chosen: it may move the focus, which goes back first when the menu closes. */
  const chosen = useRef<(() => void) | null>(null);
  const choose = (action: () => void): void => {
    chosen.current = action;
  };
  return (
    <ContextMenu.Root>
      <ContextMenu.Trigger
        asChild
        onContextMenu={(event) => {
          const item = (event.target as Element).closest<HTMLElement>('[data-id].react-flow__node, [data-id].react-flow__edge');
          const id = item?.dataset['id'];
          const { selection, select, document } = useDocumentStore.getState();
          const alone = id !== undefined && (!selection.has(id) || selection.size === 1);
          const one = alone ? (document.edges.find((edge) => edge.id === id) ?? null) : null;
          setWire(one);
          const found = nodeOf(document, id);
          const block = alone && found !== undefined && definitionOf(document, found) !== undefined;
          const cell = alone && found !== undefined && isCellNode(found);
          const framed = document.frames.some((frame) => frame.id === id);
          setGroups(id === undefined ? onCanvas : one ? onWire : framed ? onFrames : block ? onBlock : cell ? onCell : onItems);
          if (id !== undefined && !selection.has(id)) select([id]);
        }}
      >
        <div className="canvas__pane">{children}</div>
      </ContextMenu.Trigger>
      <ContextMenu.Portal>
        <ContextMenu.Content
          className="menu"
          collisionPadding={8}
          onCloseAutoFocus={() => {
            const action = chosen.current;
            chosen.current = null;
            if (action) setTimeout(action, 0);
          }}
        >
          {wire && <WireMenu wire={wire} onChoose={choose} />}
          {groups.map((group, index) => (
            <Fragment key={group.join()}>
              {index > 0 && <ContextMenu.Separator className="menu__separator" />}
              {group.map((id) => (
                <CommandItem key={id} id={id} onChoose={choose} />
              ))}
              {group.includes('view.fit-selection') && placedCount() > 1 && (
                <SubMenu title="Align">
                  {alignCommands.map(({ id }) => (
                    <CommandItem key={id} id={id} onChoose={choose} />
                  ))}
                </SubMenu>
              )}
            </Fragment>
          ))}
        </ContextMenu.Content>
      </ContextMenu.Portal>
    </ContextMenu.Root>
  );
}

interface CommandItemProps {
  readonly id: string;
  onChoose(action: () => void): void;
}

function CommandItem({ id, onChoose }: CommandItemProps) {
  const command = commandsById.get(id);
  if (!command) return null;
  return (
    <ContextMenu.Item
      className={`menu__item ${id === 'edit.delete' ? 'menu__item--danger' : ''}`}
      disabled={command.enabled?.() === false}
      onSelect={() => onChoose(() => void runCommand(id))}
    >
      {command.title}
      {command.keys?.[0] !== undefined && <kbd>{keyLabel(command.keys[0])}</kbd>}
    </ContextMenu.Item>
  );
}
