import { type Axis, axes, type Side, sides } from '../canvas/align.ts';
import { alignSelection, distributeSelection, placedCount } from '../canvas/align-actions.ts';
import type { Command } from './commands.ts';

const ofSide: Readonly<Record<Side, { readonly title: string; readonly keys: string }>> = {
  left: { title: 'Align left', keys: 'alt+a' },
  centre: { title: 'Align centres, one above another', keys: 'alt+h' },
  right: { title: 'Align right', keys: 'alt+d' },
  top: { title: 'Align top', keys: 'alt+w' },
  middle: { title: 'Align middles, in a row', keys: 'alt+v' },
  bottom: { title: 'Align bottom', keys: 'alt+s' },
};
const ofAxis: Readonly<Record<Axis, { readonly title: string; readonly keys: string }>> = {
  horizontal: { title: 'Same gaps in the row', keys: 'alt+shift+h' },
  vertical: { title: 'Same gaps in the column', keys: 'alt+shift+v' },
};

/** With the keys that Figma has. */
export const alignCommands: readonly Command[] = [
  ...sides.map((side) => ({
    id: `align.${side}`,
    title: ofSide[side].title,
    group: 'Align' as const,
    keys: [ofSide[side].keys],
    canvas: true,
    enabled: () => placedCount() > 1,
    run: () => alignSelection(side),
  })),
  ...axes.map((axis) => ({
    id: `distribute.${axis}`,
    title: ofAxis[axis].title,
    group: 'Align' as const,
    keys: [ofAxis[axis].keys],
    canvas: true,
    enabled: () => placedCount() > 2,
    run: () => distributeSelection(axis),
  })),
];
