import { useSyncExternalStore } from 'react';
import { z } from 'zod';
import { create } from 'zustand';
import { kept } from './kept.ts';
import { useUiStore } from './ui-store.ts';

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
  training: { usual: 270, least: 90, most: 2000 },
};

const usual = (name: DockName): z.infer<typeof dock> => ({ size: dockSizes[name].usual, open: true });

/** The panels beside the canvas: how large each is and whether it is open, the same after a restart. */
export const useDocks = create(() =>
  kept(place, docks, { layers: usual('layers'), inspector: usual('inspector'), training: usual('training') }),
);

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

/** Width of a lesson that stands beside the canvas, px. */
export const lessonWidth = 272;

/** Whether a lesson is open. */
export const useLessonBeside = create<{ readonly open: boolean }>(() => ({ open: false }));

/** Below this width (px) of what a lesson leaves the canvas has no room between two docks: they are drawers over it, opened one at a time. */
const narrowWindow = (): MediaQueryList =>
  window.matchMedia(`(max-width: ${819 + (useLessonBeside.getState().open ? lessonWidth : 0)}px)`);

export const useDrawer = create<{ readonly open: SideName | null }>(() => ({ open: null }));

/** Below this height (px) problems and curves do not both fit under a canvas that can be used: the problems are in front. */
const shortWindow = (): MediaQueryList => window.matchMedia('(max-height: 749px)');

function useMedia(query: () => MediaQueryList): boolean {
  return useSyncExternalStore(
    (changed) => {
      const media = query();
      media.addEventListener('change', changed);
      return () => media.removeEventListener('change', changed);
    },
    () => query().matches,
  );
}

/** Whether the window is too narrow for docks at both sides of the canvas. */
export function useNarrow(): boolean {
  // Read so that it is asked again.
  useLessonBeside();
  return useMedia(narrowWindow);
}

/** Whether the training panel's curves are shown. */
export function useTrainingOpen(): boolean {
  const short = useMedia(shortWindow);
  const behind = useUiStore((s) => s.problemsOpen);
  return useDocks((s) => s.training.open) && !(short && behind);
}

/** Closes or opens the training panel's curves; they come before problems that they are behind. */
export function toggleTraining(): void {
  const { problemsOpen, setProblemsOpen } = useUiStore.getState();
  if (!shortWindow().matches || !problemsOpen) {
    toggleDock('training');
    return;
  }
  setProblemsOpen(false);
  setDock('training', { open: true });
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
