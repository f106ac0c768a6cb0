import { Check } from 'lucide-react';
import { DropdownMenu as Radix } from 'radix-ui';
import type { ReactElement, ReactNode } from 'react';
import './select.css';

export interface MenuEntry {
  readonly id: string;
  readonly label: ReactNode;
  readonly shortcut?: string;
  readonly disabled?: boolean;
  readonly danger?: boolean;
  /** Of an entry that is on or off. */
  readonly checked?: boolean;
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
                <Entry key={entry.id} entry={entry} />
              ))}
            </Radix.Group>
          ))}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

function Entry({ entry }: { readonly entry: MenuEntry }) {
  const common = {
    className: `menu__item ${entry.danger ? 'menu__item--danger' : ''}`,
    disabled: entry.disabled ?? false,
    onSelect: () => entry.run(),
  };
  const shortcut = entry.shortcut !== undefined && <kbd>{entry.shortcut}</kbd>;
  if (entry.checked === undefined) {
    return (
      <Radix.Item {...common}>
        {entry.label}
        {shortcut}
      </Radix.Item>
    );
  }
  return (
    <Radix.CheckboxItem {...common} checked={entry.checked}>
      <span className="menu__check">
        <Radix.ItemIndicator>
          <Check size={14} aria-hidden />
        </Radix.ItemIndicator>
      </span>
      {entry.label}
      {shortcut}
    </Radix.CheckboxItem>
  );
}
