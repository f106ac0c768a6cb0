import { create } from 'zustand';
import type { RayTarget } from '../../engine/protocol/ray.ts';
import { isSetUp, useRayStore } from '../ray/ray-store.ts';

/** Where the trials of a sweep that is begun here train: asked anew in each window, so that nothing goes to a cluster unasked. */
const usePlace = create<{ readonly onCluster: boolean }>(() => ({ onCluster: false }));

export const trainTrialsOnCluster = (onCluster: boolean): void => usePlace.setState({ onCluster });

const chosen = ({ onCluster }: { readonly onCluster: boolean }, target: RayTarget): RayTarget | undefined =>
  onCluster && isSetUp(target) ? target : undefined;

/** The cluster that trials train on; `undefined`: the machine that the windows are on. */
export const sweepCluster = (): RayTarget | undefined => chosen(usePlace.getState(), useRayStore.getState().target);

/** The same, as it changes. */
export const useSweepCluster = (): RayTarget | undefined =>
  chosen(
    usePlace(),
    useRayStore((s) => s.target),
  );
