import {
  AlignCenterHorizontal,
  AlignCenterVertical,
  AlignEndHorizontal,
  AlignEndVertical,
  AlignHorizontalSpaceBetween,
  AlignStartHorizontal,
  AlignStartVertical,
  AlignVerticalSpaceBetween,
  type LucideIcon,
} from 'lucide-react';
import { alignCommands } from '../app/align-commands.ts';
import { runCommand } from '../app/commands.ts';
import { keyLabel } from '../app/keys.ts';
import { IconButton } from '../ui/button.tsx';

const icons: Readonly<Record<string, LucideIcon>> = {
  'align.left': AlignStartVertical,
  'align.centre': AlignCenterVertical,
  'align.right': AlignEndVertical,
  'align.top': AlignStartHorizontal,
  'align.middle': AlignCenterHorizontal,
  'align.bottom': AlignEndHorizontal,
  'distribute.horizontal': AlignHorizontalSpaceBetween,
  'distribute.vertical': AlignVerticalSpaceBetween,
};

/** For what is selected together. */
export function AlignButtons() {
  return (
    <div className="inspector__align" role="toolbar" aria-label="Align">
      {alignCommands.map(({ id, title, keys, enabled }) => {
        const Icon = icons[id];
        return (
          <IconButton
            key={id}
            label={title}
            {...(keys?.[0] === undefined ? {} : { shortcut: keyLabel(keys[0]) })}
            size="small"
            disabled={enabled?.() === false}
            onClick={() => runCommand(id)}
          >
            {Icon && <Icon size={15} aria-hidden />}
          </IconButton>
        );
      })}
    </div>
  );
}
