import { create } from 'zustand';
import { type RayTarget, rayTarget } from '../../engine/protocol/ray.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { kept } from '../store/kept.ts';
import { useUiStore } from '../store/ui-store.ts';
import { confirmStart } from '../training/start-check.ts';
import { startDocument } from '../training/store.ts';

/** Where the last one went is where the next one is likely to go. */
const place = 'unroll.ray';

/** As long as nothing was trained on a cluster. */
const first: RayTarget = { address: '', workers: 1, gpus: 0, storage: '' };

interface RayState {
  readonly open: boolean;
  /** Shown in the dialog; a token is never part of it. */
  readonly target: RayTarget;
}

export const useRayStore = create<RayState>(() => ({ open: false, target: kept(place, rayTarget, first) }));

const { getState: get, setState: set } = useRayStore;

export const openRayDialog = (): void => set({ open: true });
export const closeRayDialog = (): void => set({ open: false });
export const changeTarget = (part: Partial<RayTarget>): void => set({ target: { ...get().target, ...part } });

/** Trains the document on the canvas on the cluster. Asks first where it may train badly. @returns whether it has begun */
export async function trainOnRay(): Promise<boolean> {
  if (!(await confirmStart(null))) return false;
  const { target } = get();
  const run = await startDocument(useDocumentStore.getState().whole, undefined, target);
  if (run === null) return false;
  localStorage.setItem(place, JSON.stringify(target));
  set({ open: false });
  useUiStore.getState().setTab('design');
  return true;
}
