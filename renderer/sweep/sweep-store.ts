import { create } from 'zustand';
import type { Failure } from '../../engine/protocol/envelope.ts';
import { isRunOf, type SweepState } from '../../engine/protocol/sweep.ts';
import { engine, failureOf, useConnection } from '../bridge/engine.ts';
import { hasMoved, useMachine } from '../bridge/machine.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { useUiStore } from '../store/ui-store.ts';
import { toast } from '../ui/toast-store.ts';
import { sweepCluster } from './sweep-place.ts';
import { objectiveTitle, resultText } from './words.ts';

interface SweepsState {
  /** All that are kept, newest first, without their trials. */
  readonly sweeps: readonly SweepState[];
  /** The one that is looked at, with its trials. */
  readonly shown: SweepState | null;
  /** What a button waits for. */
  readonly pending: 'start' | 'stop' | 'resume' | null;
  /** What is done while a start is made ready. */
  readonly preparing: string | null;
  readonly failure: Failure | null;
  readonly loaded: boolean;
}

const nothing: SweepsState = { sweeps: [], shown: null, pending: null, preparing: null, failure: null, loaded: false };

export const useSweeps = create<SweepsState>(() => nothing);
const { getState: get, setState: set } = useSweeps;

/** Whether a run is a trial of the sweep that goes on. */
export const isTrial = (run: string): boolean => get().sweeps.some(({ id, status }) => status === 'running' && isRunOf(id, run));

function tellEnd(state: SweepState): void {
  const winner = state.trials.find(({ number }) => number === state.best);
  toast({
    tone: winner ? 'good' : 'bad',
    title: `The sweep of “${state.name}” is done`,
    text: winner ? `Best ${objectiveTitle(state)}: ${resultText(state, winner)}` : 'No trial has a result.',
    action: {
      label: 'Show',
      run() {
        useUiStore.getState().setTab('sweep');
        void showSweep(state.id);
      },
    },
  });
}

function hear(state: SweepState): void {
  const before = get().sweeps.find(({ id }) => id === state.id);
  if (before?.status === 'running' && state.status === 'done') tellEnd(state);
  set(({ sweeps, shown }) => {
    const row = { ...state, trials: [] };
    const known = sweeps.some(({ id }) => id === state.id);
    return {
      sweeps: known ? sweeps.map((one) => (one.id === state.id ? row : one)) : [row, ...sweeps],
      shown: shown === null || shown.id === state.id || !known ? state : shown,
    };
  });
}

engine.on('sweep.changed', hear);
engine.on('data.progress', ({ step }) => {
  if (get().pending === 'start' || get().pending === 'resume') set({ preparing: step });
});

/** Reads what is kept; shows the newest where none is looked at. */
export async function refreshSweeps(): Promise<void> {
  const moved = hasMoved();
  try {
    const { sweeps } = await engine.call('sweep.list', {});
    if (moved()) return;
    set({ sweeps, loaded: true });
    const wanted = sweeps.find(({ id }) => id === get().shown?.id) ?? sweeps[0];
    if (wanted === undefined) set({ shown: null });
    else await showSweep(wanted.id);
  } catch (error) {
    if (!moved()) set({ failure: failureOf(error), loaded: true });
  }
}

// Another machine has other sweeps. What is asked of the one before is answered, or refused, as it would have been.
useMachine.subscribe(({ state }, before) => {
  if (state.joined === before.state.joined) return;
  const { loaded, pending } = get();
  set({ ...nothing, pending });
  if (loaded) void refreshSweeps();
});

useConnection.subscribe((state, before) => {
  if (state.generation !== before.generation && get().loaded) void refreshSweeps();
});

export async function showSweep(sweep: string): Promise<void> {
  const moved = hasMoved();
  try {
    const shown = await engine.call('sweep.get', { sweep });
    if (!moved()) set({ shown });
  } catch (error) {
    if (!moved()) set({ failure: failureOf(error) });
  }
}

async function ask(pending: NonNullable<SweepsState['pending']>, call: () => Promise<SweepState>): Promise<void> {
  if (get().pending !== null) return;
  const moved = hasMoved();
  set({ pending, failure: null, preparing: null });
  try {
    const state = await call();
    if (moved()) return;
    set({ shown: state });
    hear(state);
  } catch (error) {
    const failure = failureOf(error);
    if (failure.code !== 'cancelled' && !moved()) set({ failure });
  } finally {
    set({ pending: null, preparing: null });
  }
}

/** Begins the sweep of the document as it is now, where its trials are to train. */
export const startSweep = (): Promise<void> =>
  ask('start', () => engine.call('sweep.start', { document: useDocumentStore.getState().whole, on: sweepCluster() }));
export const resumeSweep = (sweep: string): Promise<void> => ask('resume', () => engine.call('sweep.resume', { sweep }));
export const stopSweep = (sweep: string): Promise<void> => ask('stop', () => engine.call('sweep.stop', { sweep }));

export function cancelStart(): void {
  engine.call('sweep.cancel', {}).catch(() => undefined);
}

export const dismissSweepFailure = (): void => set({ failure: null });
