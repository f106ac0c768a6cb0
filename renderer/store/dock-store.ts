import { useSyncExternalStore } from 'react';
import { z } from 'zod';
import { create } from 'zustand';

const place = 'unroll.docks';

const dock = z.strictObject({
  /** Width, or height of the training panel, px, while it is open. */
  size: z.number().min(0),
  open: z.boolean(),
});
const docks = z.strictObject({ layers: dock, inspector: dock, training: dock });

export const dockNames = docks.keyof().options;
export type DockName = (typeof dockNames)[number];

/** Sizes, px: what a dock has before anyone has moved it, and what it must not be smaller or larger than. */
export const dockSizes: Readonly<Record<DockName, { readonly usual: number; readonly least: number; readonly most: number }>> = {
  layers: { usual: 184, least: 150, most: 400 },
  inspector: { usual: 272, least: 220, most: 560 },
  training: { usual: 270, least: 130, most: 2000 },
};

function kept(): z.infer<typeof docks> {
  const fresh = (name: DockName): z.infer<typeof dock> => ({ size: dockSizes[name].usual, open: true });
  const usual = { layers: fresh('layers'), inspector: fresh('inspector'), training: fresh('training') };
  try {
    return docks.parse(JSON.parse(localStorage.getItem(place) ?? ''));
  } catch {
    return usual; // none yet, or of another version
  }
}

/** The panels beside the canvas: how large each is and whether it is open, the same after a restart. */
export const useDocks = create<z.infer<typeof docks>>(() => kept());

useDocks.subscribe((state) => localStorage.setItem(place, JSON.stringify(state)));

export function setDock(name: DockName, change: Partial<z.infer<typeof dock>>): void {
  const before = useDocks.getState()[name];
  const after = { ...before, ...change };
  if (after.size === before.size && after.open === before.open) return;
  useDocks.setState({ [name]: after });
}

export const toggleDock = (name: DockName): void => setDock(name, { open: !useDocks.getState()[name].open });

/** Docks at the sides. */
export type SideName = 'layers' | 'inspector';

/** Below this width (px) the canvas has no room between two docks: they are drawers over it, opened one at a time. */
const narrowWindow = (): MediaQueryList => window.matchMedia('(max-width: 819px)');

export const useDrawer = create<{ readonly open: SideName | null }>(() => ({ open: null }));

/** Whether the window is too narrow for docks at both sides of the canvas. */
export function useNarrow(): boolean {
  return useSyncExternalStore(
    (changed) => {
      const query = narrowWindow();
      query.addEventListener('change', changed);
      return () => query.removeEventListener('change', changed);
    },
    () => narrowWindow().matches,
  );
}

export function useSideOpen(name: SideName): boolean {
  const narrow = useNarrow();
  const docked = useDocks((s) => s[name].open);
  const drawn = useDrawer((s) => s.open === name);
  return narrow ? drawn : docked;
}

export function showSide(name: SideName): void {
  if (narrowWindow().matches) useDrawer.setState({ open: name });
  else setDock(name, { open: true });
}

export function toggleSide(name: SideName): void {
  if (narrowWindow().matches) useDrawer.setState(({ open }) => ({ open: open === name ? null : name }));
  else toggleDock(name);
}
