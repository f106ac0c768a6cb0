import { useEffect } from 'react';
import { create } from 'zustand';
import type { SplitName } from '../../engine/document/split-names.ts';
import type { Failure } from '../../engine/protocol/envelope.ts';
import type { InspectedWeights, Trace } from '../../engine/protocol/inspect.ts';
import type { UnitSample } from '../../engine/protocol/inspect-units.ts';
import { askId } from '../bridge/ask-id.ts';
import { engine, failureOf } from '../bridge/engine.ts';
import type { Place } from './store.ts';

/** What of a run is read over a split. */
interface SampleRequest extends Place {
  readonly run: string;
  readonly weights: InspectedWeights;
  readonly split: SplitName;
  readonly examples: number;
  readonly line: string;
}

interface SampleState {
  readonly split: SplitName;
  /** How many sequences are wanted. */
  readonly examples: number;
  /** What was read last. */
  readonly sample: UnitSample | null;
  /** What is read, or was. */
  readonly of: SampleRequest | null;
  /** How far reading is; `null` when nothing is read. */
  readonly progress: { readonly done: number; readonly of: number } | null;
  readonly failure: Failure | null;
}

/** How many sequences are read at first, and by how much more each time. */
const first = 64;
const more = 4;

export const useSampleStore = create<SampleState>(() => ({
  split: 'test',
  examples: first,
  sample: null,
  of: null,
  progress: null,
  failure: null,
}));
const { getState: get, setState: set } = useSampleStore;

let reading: string | null = null;

engine.on('inspect.progress', ({ id, done, of }) => {
  if (id === reading) set({ progress: { done, of } });
});

export const chooseSplit = (split: SplitName): void => set({ split, examples: first });
export const readMore = (): void => set((s) => ({ examples: s.examples * more }));

/** What was read until now is kept. */
export function stopReading(): void {
  if (reading !== null) engine.call('inspect.cancel', { id: reading }).catch(() => undefined);
}

/** The same again, with the weights of this moment. */
export function readAgain(): void {
  const { of } = get();
  if (of !== null) void read(of);
}

async function read(request: SampleRequest): Promise<void> {
  stopReading();
  const id = askId();
  reading = id;
  const other = JSON.stringify({ ...get().of, examples: 0 }) !== JSON.stringify({ ...request, examples: 0 });
  set({ progress: { done: 0, of: request.examples }, failure: null, of: request, ...(other ? { sample: null } : {}) });
  try {
    const sample = await engine.call('inspect.statistics', { id, ...request });
    if (reading === id) set({ sample });
  } catch (error) {
    if (reading === id) set({ failure: failureOf(error) });
  } finally {
    if (reading === id) {
      reading = null;
      set({ progress: null });
    }
  }
}

/** A line of a cell over the chosen split, with the weights that the trace is of. Live weights are read again only when that is asked for. */
export function useSample({ run, weights }: Trace, { node, layer, direction }: Place, line: string): SampleState {
  const state = useSampleStore();
  const { split, examples } = state;
  useEffect(() => {
    const request = { run, weights, split, examples, node, layer, direction, line };
    if (JSON.stringify(get().of) !== JSON.stringify(request)) void read(request);
  }, [run, weights, split, examples, node, layer, direction, line]);
  return state;
}
