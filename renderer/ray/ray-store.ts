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

/** What is done with the cluster once it is set up. */
export interface RayUse {
  readonly title: string;
  readonly description: string;
  /** Of the button that does it. */
  readonly action: string;
  /** @returns whether that is all, and the dialog may close */
  act(): Promise<boolean>;
}

interface RayState {
  /** What the dialog is open for. */
  readonly use: RayUse | null;
  /** Shown in the dialog; a token is never part of it. */
  readonly target: RayTarget;
}

export const useRayStore = create<RayState>(() => ({ use: null, target: kept(place, rayTarget, first) }));

const { getState: get, setState: set } = useRayStore;

export const closeRayDialog = (): void => set({ use: null });
export const changeTarget = (part: Partial<RayTarget>): void => set({ target: { ...get().target, ...part } });

/** Whether a cluster is named, and where weights come back from it. */
export const isSetUp = ({ address, storage }: RayTarget): boolean => address.trim() !== '' && storage.trim() !== '';

/** Asks for a cluster, and does with it what it is for. */
export const openRayDialogFor = (use: RayUse): void => set({ use });

/** Where on a cluster the document is to be trained. */
export const openRayDialog = (): void =>
  openRayDialogFor({
    title: 'Train on a Ray cluster',
    description:
      'The PyTorch project and its data go there as a job. It goes on when this app is closed, and comes back as a run like any other.',
    action: 'Train there',
    act: trainOnRay,
  });

/** Does what the dialog is open for, and closes it. */
export async function takeCluster(): Promise<void> {
  const { use, target } = get();
  if (use === null || !(await use.act())) return;
  localStorage.setItem(place, JSON.stringify(target));
  closeRayDialog();
}

/** Trains the document on the canvas on the cluster. Asks first where it may train badly. @returns whether it has begun */
async function trainOnRay(): Promise<boolean> {
  if (!(await confirmStart(null))) return false;
  const run = await startDocument(useDocumentStore.getState().whole, undefined, get().target);
  if (run !== null) useUiStore.getState().setTab('design');
  return run !== null;
}
