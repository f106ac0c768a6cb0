import { ChevronRight } from 'lucide-react';
import { ContextMenu } from 'radix-ui';
import { Fragment, type ReactNode, useState } from 'react';
import { alignCommands } from '../app/align-commands.ts';
import { commandsById, runCommand } from '../app/commands.ts';
import { keyLabel } from '../app/keys.ts';
import { useDocumentStore } from '../store/document-store.ts';
import '../ui/select.css';
import { placedCount } from './align-actions.ts';

const onItems: readonly (readonly string[])[] = [
  ['wire.start', 'edit.rename'],
  ['edit.cut', 'edit.copy', 'edit.duplicate'],
  ['view.fit-selection'],
  ['edit.delete'],
];
const onCanvas: readonly (readonly string[])[] = [
  ['layer.find', 'edit.comment'],
  ['edit.paste', 'edit.select-all'],
  ['view.arrange', 'view.fit'],
];

/** The canvas' context menu: of what was clicked when that was an item, of the canvas otherwise. */
export function CanvasMenu({ children }: { readonly children: ReactNode }) {
  const [groups, setGroups] = useState(onCanvas);
  return (
    <ContextMenu.Root>
      <ContextMenu.Trigger
        asChild
        onContextMenu={(event) => {
          const item = (event.target as Element).closest<HTMLElement>('[data-id].react-flow__node, [data-id].react-flow__edge');
          const id = item?.dataset['id'];
          setGroups(id === undefined ? onCanvas : onItems);
          const { selection, select } = useDocumentStore.getState();
          if (id !== undefined && !selection.has(id)) select([id]);
        }}
      >
        <div className="canvas__pane">{children}</div>
      </ContextMenu.Trigger>
      <ContextMenu.Portal>
        <ContextMenu.Content className="menu" collisionPadding={8}>
          {groups.map((group, index) => (
            <Fragment key={group.join()}>
              {index > 0 && <ContextMenu.Separator className="menu__separator" />}
              {group.map((id) => (
                <CommandItem key={id} id={id} />
              ))}
              {group.includes('view.fit-selection') && placedCount() > 1 && <AlignMenu />}
            </Fragment>
          ))}
        </ContextMenu.Content>
      </ContextMenu.Portal>
    </ContextMenu.Root>
  );
}

function CommandItem({ id }: { readonly id: string }) {
  const command = commandsById.get(id);
  if (!command) return null;
  return (
    <ContextMenu.Item
      className={`menu__item ${id === 'edit.delete' ? 'menu__item--danger' : ''}`}
      disabled={command.enabled?.() === false}
      onSelect={() => runCommand(id)}
    >
      {command.title}
      {command.keys?.[0] !== undefined && <kbd>{keyLabel(command.keys[0])}</kbd>}
    </ContextMenu.Item>
  );
}

function AlignMenu() {
  return (
    <ContextMenu.Sub>
      <ContextMenu.SubTrigger className="menu__item">
        Align
        <ChevronRight size={14} className="menu__more" aria-hidden />
      </ContextMenu.SubTrigger>
      <ContextMenu.Portal>
        <ContextMenu.SubContent className="menu" collisionPadding={8}>
          {alignCommands.map(({ id }) => (
            <CommandItem key={id} id={id} />
          ))}
        </ContextMenu.SubContent>
      </ContextMenu.Portal>
    </ContextMenu.Sub>
  );
}
