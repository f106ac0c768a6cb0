import { Command } from 'cmdk';
import { Dialog as Radix } from 'radix-ui';
import { blockKind } from '../../engine/document/placed-blocks.ts';
import { canRun, commands, runCommand } from '../app/commands.ts';
import { keyLabel } from '../app/keys.ts';
import { onCanvas } from '../app/on-canvas.ts';
import { insertPart } from '../canvas/insert-part.ts';
import { useParts } from '../canvas/parts.ts';
import { goToNode } from '../canvas/problem-place.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { titleOf } from '../store/node-cards.ts';
import { useUiStore } from '../store/ui-store.ts';
import './command-list.css';
import './command-palette.css';

const groups = ['File', 'Edit', 'Align', 'Train', 'View', 'Go to', 'Add', 'Help'] as const;

/** Every command and every node by name. */
export function CommandPalette() {
  const open = useUiStore((s) => s.dialog === 'palette');
  const openDialog = useUiStore((s) => s.openDialog);
  return (
    <Radix.Root open={open} onOpenChange={(next) => openDialog(next ? 'palette' : null)}>
      <Radix.Portal>
        <Radix.Overlay className="dialog__overlay" />
        <Radix.Content className="palette-dialog" aria-describedby={undefined}>
          <Radix.Title className="visually-hidden">Command palette</Radix.Title>
          <Commands />
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** A part of its own: what can be done is asked of all nodes, while somebody looks. */
function Commands() {
  const openDialog = useUiStore((s) => s.openDialog);
  const document = useDocumentStore((s) => s.document);
  const { nodes } = document;
  const level = useDocumentStore((s) => s.level);
  const blocks = useParts().filter(({ kind }) => kind === blockKind);
  const choose = (action: () => void) => (): void => {
    openDialog(null);
    // The dialog gives the focus back first; the command may move it.
    setTimeout(action, 0);
  };
  return (
    <Command className="command-list" label="Commands" loop>
      <Command.Input className="command-list__input" placeholder="Search or run a command…" />
      <Command.List className="command-list__items">
        <Command.Empty className="command-list__empty">Nothing of that name.</Command.Empty>
        {groups.map((group) => (
          <Command.Group key={group} heading={group}>
            {commands
              .filter((command) => command.group === group && command.id !== 'help.palette')
              .map((command) => (
                <Command.Item
                  key={command.id}
                  value={`${command.title} ${group}`}
                  disabled={!canRun(command)}
                  onSelect={choose(() => void runCommand(command.id))}
                >
                  {command.title}
                  {command.keys?.[0] !== undefined && (
                    <span className="command-list__hint">
                      <kbd>{keyLabel(command.keys[0])}</kbd>
                    </span>
                  )}
                </Command.Item>
              ))}
          </Command.Group>
        ))}
        {blocks.length > 0 && (
          <Command.Group heading="My blocks">
            {blocks.map((block) => (
              <Command.Item
                key={block.id}
                value={`Add block ${block.title} ${block.id}`}
                onSelect={choose(onCanvas(() => insertPart(block)))}
              >
                Add block {block.title}
                {block.note !== undefined && <span className="command-list__hint">{block.note}</span>}
              </Command.Item>
            ))}
          </Command.Group>
        )}
        {nodes.length > 0 && (
          <Command.Group heading="Nodes">
            {nodes.map((node) => (
              <Command.Item
                key={node.id}
                value={`Go to node ${titleOf(document, node)} ${node.id}`}
                onSelect={choose(() => goToNode(level, node.id))}
              >
                {titleOf(document, node)}
                <span className="command-list__hint">{node.id}</span>
              </Command.Item>
            ))}
          </Command.Group>
        )}
      </Command.List>
    </Command>
  );
}
