import { DropdownMenu as Radix } from 'radix-ui';
import type { ReactElement, ReactNode } from 'react';
import './select.css';

export interface MenuEntry {
  readonly id: string;
  readonly label: ReactNode;
  readonly shortcut?: string;
  readonly disabled?: boolean;
  readonly danger?: boolean;
  run(): void;
}

interface MenuProps {
  /** The button that opens it. */
  readonly trigger: ReactElement;
  /** Groups, with a line between them. */
  readonly groups: readonly (readonly MenuEntry[])[];
  readonly align?: 'start' | 'end';
  readonly side?: 'top' | 'bottom';
}

/** A menu of actions under a button. */
export function Menu({ trigger, groups, align = 'start', side = 'bottom' }: MenuProps) {
  return (
    <Radix.Root modal={false}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content className="menu" align={align} side={side} sideOffset={6} collisionPadding={8}>
          {groups.map((group, index) => (
            <Radix.Group key={group[0]?.id ?? index}>
              {index > 0 && <Radix.Separator className="menu__separator" />}
              {group.map((entry) => (
                <Radix.Item
                  key={entry.id}
                  className={`menu__item ${entry.danger ? 'menu__item--danger' : ''}`}
                  disabled={entry.disabled ?? false}
                  onSelect={() => entry.run()}
                >
                  {entry.label}
                  {entry.shortcut !== undefined && <kbd>{entry.shortcut}</kbd>}
                </Radix.Item>
              ))}
            </Radix.Group>
          ))}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
