import { z } from 'zod';
import { create } from 'zustand';
import { mac } from '../app/keys.ts';
import { kept } from './kept.ts';

const place = 'unroll.canvas';

const settings = z.strictObject({
  /** What the mouse wheel, and two fingers on a trackpad, do to the canvas. */
  wheel: z.enum(['zoom', 'pan']),
  /** Whether what is dragged snaps to what lies around it. */
  guides: z.boolean(),
  /** Whether it was told how two fingers can pan. */
  toldOfPanning: z.boolean(),
});
type Settings = z.infer<typeof settings>;

/** Macs are used with trackpads, where two fingers pan. */
const usual: Settings = {
  wheel: mac ? 'pan' : 'zoom',
  guides: true,
  toldOfPanning: false,
};

/** How the canvas takes the pointer, the same after a restart. */
export const useCanvasSettings = create<Settings>(() => kept(place, settings, usual));

useCanvasSettings.subscribe((state) => localStorage.setItem(place, JSON.stringify(state)));

export const setWheel = (wheel: Settings['wheel']): void => useCanvasSettings.setState({ wheel });
export const toggleWheel = (): void => setWheel(useCanvasSettings.getState().wheel === 'pan' ? 'zoom' : 'pan');
export const toggleGuides = (): void => useCanvasSettings.setState(({ guides }) => ({ guides: !guides }));
