import { create } from 'zustand';
import type { Failure } from '../../engine/protocol/envelope.ts';
import type {
  GradientOf,
  InspectedInput,
  InspectedWeights,
  Trace,
  TracedNode,
  TracedRecurrence,
} from '../../engine/protocol/inspect.ts';
import type { RunSummary } from '../../engine/protocol/runs.ts';
import { engine, failureOf } from '../bridge/engine.ts';
import { setDock, useDocks } from '../store/dock-store.ts';
import { activeRun, showRun, useTrainingStore } from '../training/store.ts';
import { nearestMoment } from './compared-moment.ts';
import { sentenceOf } from './time-axis.ts';

/** One direction of one layer of a recurrent node. */
export interface Place {
  readonly node: string;
  readonly layer: number;
  readonly direction: 'forward' | 'backward';
}

export const samePlace = (a: Place, b: Place): boolean => a.node === b.node && a.layer === b.layer && a.direction === b.direction;

/** Steps of the sentence, both ends among them. */
export interface StepRange {
  readonly from: number;
  readonly to: number;
}

/** Tabs of the panel under the canvas while a network is looked into; `training` is what stands there otherwise. */
export type InsightView =
  | 'training'
  | 'step'
  | 'gradient'
  | 'terms'
  | 'spectrum'
  | 'trajectory'
  | 'units'
  | 'saliency'
  | 'whatif'
  | 'beam';

interface InsightState {
  /** Whether the training panel's run is looked into. */
  readonly open: boolean;
  readonly view: InsightView;
  readonly input: InspectedInput | null;
  /** `null`: those of this moment while the run trains, else its best. */
  readonly weights: InspectedWeights | null;
  /** The newest that arrived: it stays until the next one is there. */
  readonly trace: Trace | null;
  /** Another run on the same input; `null` where none is chosen. */
  readonly compared: string | null;
  readonly comparedTrace: Trace | null;
  readonly busy: boolean;
  readonly failure: Failure | null;
  /** Of the comparison alone. */
  readonly comparedFailure: Failure | null;
  /** The step of the sentence that everything shows. */
  readonly cursor: number;
  readonly playing: boolean;
  readonly range: StepRange | null;
  /** What the panel shows; `null`: the first recurrence. */
  readonly place: Place | null;
  /** A value of the cell, by its name in the equations; `null`: the first. */
  readonly line: string | null;
  /** The unit that is pinned. */
  readonly unit: number | null;
  /** What gradients are of; `null`: the loss where there is one, else what the network says. */
  readonly of: GradientOf | null;
}

const closed = {
  open: false,
  view: 'step',
  trace: null,
  comparedTrace: null,
  busy: false,
  failure: null,
  comparedFailure: null,
  cursor: 0,
  playing: false,
  range: null,
} as const;

export const useInsight = create<InsightState>(() => ({
  ...closed,
  input: null,
  weights: null,
  compared: null,
  place: null,
  line: null,
  unit: null,
  of: null,
}));

const { getState: get, setState: set } = useInsight;

/** Whether a run has weights, or will have them in a moment. */
export const canLookInside = ({ best, step }: RunSummary): boolean => best !== null || step > 0;

/** Looks into the training panel's run, or into the one that is named, which the panel shows from then on. */
export function lookInside(run?: string): void {
  if (run !== undefined && run !== useTrainingStore.getState().active) {
    stopLooking();
    void showRun(run);
  }
  if (get().open || activeRun(useTrainingStore.getState()) === null) return;
  set({ open: true, view: 'step', input: get().input ?? firstExample });
  makeRoom();
  ask();
}

/** Looks into a run at where gradients of one recurrence go. @returns `false` where it has no weights */
export function lookAtGradient(run: RunSummary, place: Place): boolean {
  if (!canLookInside(run)) return false;
  lookInside(run.id);
  setPlace(place);
  setView('gradient');
  return true;
}

/** Of the panel before it was made larger, and what it was made; `null` where it was large enough. */
let grown: { readonly from: number; readonly to: number } | null = null;

/** The panel is where most of it is seen. */
function makeRoom(): void {
  const from = useDocks.getState().training.size;
  const to = Math.max(from, panelHeight());
  grown = to > from ? { from, to } : null;
  setDock('training', { open: true, size: to });
}

/** As it was, unless somebody has chosen another size meanwhile. */
function giveRoomBack(): void {
  if (grown && useDocks.getState().training.size === grown.to) setDock('training', { size: grown.from });
  grown = null;
}

/** Enough for a map and the unit beside it, px; the canvas keeps more than half of the window. */
const panelHeight = (): number => Math.round(Math.min(380, window.innerHeight * 0.42));

/** As before anyone looked; what was chosen is kept for the next time. */
export function stopLooking(): void {
  asked++;
  giveRoomBack();
  set({ ...closed, ...withoutMoment() });
}

/** Steps are a run's own: another has others. */
const withoutMoment = (): Pick<InsightState, 'weights'> => ({ weights: isMoment(get().weights) ? null : get().weights });

export const isMoment = (weights: InspectedWeights | null): weights is { step: number } =>
  typeof weights === 'object' && weights !== null;

/** Until something else is chosen: the run has never seen it. */
export const firstExample: InspectedInput = { kind: 'example', split: 'test', index: 0 };

/** Where an input is looked at, at once. */
interface LookedAt {
  readonly cursor?: number;
  readonly range?: StepRange;
}

export function chooseInput(input: InspectedInput, { range, cursor = range?.from ?? 0 }: LookedAt = {}): void {
  set({ input, cursor, playing: false, range: range ?? null, of: null });
  ask();
}

export function chooseWeights(weights: InspectedWeights | null): void {
  set({ weights });
  ask();
}

/** Shown where two runs stand in one chart: gradients back in time. */
export function compareWith(run: string | null): void {
  set({ compared: run, comparedTrace: null, comparedFailure: null, ...(run === null ? {} : { view: 'gradient' }) });
  ask();
}

/** Rises with each question: answers to older ones are dropped. */
let asked = 0;
let asking = false;

/** Asks for the traces of what is chosen. One question is under way at a time; the newest wins. */
function ask(): void {
  asked++;
  if (!asking) void answer();
}

async function answer(): Promise<void> {
  asking = true;
  try {
    for (let done = -1; done !== asked && get().open; ) {
      done = asked;
      set({ busy: true });
      await Promise.all([traceActive(done), traceCompared(done)]);
    }
  } finally {
    asking = false;
    set({ busy: false });
  }
}

async function traceActive(question: number): Promise<void> {
  const run = activeRun(useTrainingStore.getState());
  const { input, weights } = get();
  if (run === null || input === null) return;
  const found = await traceOf(run, input, weights);
  if (question !== asked) return;
  if ('code' in found) set({ failure: found });
  else show(found);
}

async function traceCompared(question: number): Promise<void> {
  const { input, compared, weights } = get();
  const run = useTrainingStore.getState().runs.find(({ id }) => id === compared);
  if (!run || input === null) return;
  const found = await traceOf(run, input, isMoment(weights) ? await momentBeside(run.id, weights.step) : weights);
  if (question !== asked) return;
  if ('code' in found) set({ comparedFailure: found });
  else set({ comparedTrace: found, comparedFailure: null });
}

/** Of a run beside a moment of another one: that moment, else the nearest that it keeps; `null` where it keeps none. */
async function momentBeside(run: string, step: number): Promise<InspectedWeights | null> {
  const film = await engine.call('film.get', { run }).catch(() => null);
  const nearest = nearestMoment(film?.moments.map((moment) => moment.step) ?? [], step);
  return nearest === null ? null : { step: nearest };
}

/** Weights of `null` are those that are shown where none are chosen. */
export function traceOf(run: RunSummary, input: InspectedInput, weights: InspectedWeights | null): Promise<Trace | Failure> {
  const live = run.status === 'running';
  // A paused run stands where its last checkpoint is.
  const usual = live ? 'live' : run.status === 'paused' || run.best === null ? 'last' : 'best';
  const wanted = weights === 'live' && !live ? usual : (weights ?? usual);
  return engine.call('inspect.trace', { run: run.id, input, weights: wanted }).catch(failureOf);
}

/** What is pinned stays where the new trace has it too. */
function show(trace: Trace): void {
  const { place, cursor, unit, line, range, of, trace: before } = get();
  const last = sentenceOf(trace).steps.length - 1;
  const found = recurrenceOf(trace, place);
  const other = before === null || before.run !== trace.run;
  set({
    trace,
    failure: null,
    cursor: Math.min(cursor, Math.max(0, last)),
    range: range !== null && range.to > last ? null : range,
    place: found?.place ?? null,
    line: found?.recurrence.values.some(({ name }) => name === line) === true ? line : null,
    of: other ? null : of,
    unit: other || unit === null || unit >= (found?.recurrence.hidden ?? 0) ? null : unit,
  });
}

/** A recurrence of a trace, and where it is. */
export interface FoundRecurrence {
  readonly node: TracedNode;
  readonly recurrence: TracedRecurrence;
  readonly place: Place;
}

export const recurrencesOf = ({ nodes }: Pick<Trace, 'nodes'>): readonly FoundRecurrence[] =>
  nodes.flatMap((node) =>
    node.recurrent.map((recurrence) => {
      const { layer, direction } = recurrence;
      return { node, recurrence, place: { node: node.node, layer, direction } };
    }),
  );

/** The recurrence at a place of a trace, else the first that there is; `null` where nothing recurs. */
export function recurrenceOf(trace: Pick<Trace, 'nodes'>, place: Place | null): FoundRecurrence | null {
  const all = recurrencesOf(trace);
  const here = place && all.find((one) => samePlace(one.place, place));
  return here ?? all.find((one) => one.place.node === place?.node) ?? all[0] ?? null;
}

export const setView = (view: InsightView): void => set({ view });
export const setPlace = (place: Place): void => set({ place, line: null, unit: null });
export const setLine = (line: string): void => set({ line });
export const chooseTarget = (of: GradientOf): void => set({ of });
export const setRange = (range: StepRange | null): void => set({ range });

export function pinUnit(unit: number | null): void {
  set({ unit });
}

/** Moves the cursor, within the sentence. */
export function setCursor(cursor: number): void {
  const { trace } = get();
  if (trace === null) return;
  set({ cursor: Math.min(Math.max(0, cursor), Math.max(0, sentenceOf(trace).steps.length - 1)) });
}

/** How long a step is shown while it plays, ms. */
export const stepTime = 380;

/** From the beginning again where it stands at the end. */
export function togglePlaying(): void {
  const { trace, playing, cursor } = get();
  if (trace === null) return;
  const last = sentenceOf(trace).steps.length - 1;
  set({ playing: !playing && last > 0, ...(!playing && cursor >= last ? { cursor: 0 } : {}) });
}

/** One step on; at the end it stands. */
export function playOn(): void {
  const { trace, cursor } = get();
  const last = trace === null ? 0 : sentenceOf(trace).steps.length - 1;
  set(cursor < last ? { cursor: cursor + 1, playing: cursor + 1 < last } : { playing: false });
}

/** While a run trains, its weights are looked at again this often, ms. */
const liveEvery = 1500;

// The run that is looked into is the one that the training panel shows, as it is now.
useTrainingStore.subscribe((now, before) => {
  if (!get().open) return;
  const [run, was] = [activeRun(now), activeRun(before)];
  if (run === null) stopLooking();
  else if (run.id !== was?.id) {
    set({
      trace: null,
      failure: null,
      ...withoutMoment(),
      ...(get().compared === run.id ? { compared: null, comparedTrace: null } : {}),
    });
    ask();
  } else if ((run.status !== was.status || run.best?.step !== was.best?.step) && !isMoment(get().weights)) ask();
});
setInterval(() => {
  const live = activeRun(useTrainingStore.getState())?.status === 'running';
  if (live && get().open && !asking && !isMoment(get().weights) && document.visibilityState === 'visible') ask();
}, liveEvery);
