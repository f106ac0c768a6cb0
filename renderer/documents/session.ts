import { z } from 'zod';
import { unrollDocument } from '../../engine/document/schema.ts';
import { useViewport } from '../canvas/viewport-store.ts';
import { useDocumentStore, viewKey } from '../store/document-store.ts';
import { useUiStore } from '../store/ui-store.ts';
import { useTrainingStore } from '../training/store.ts';

const place = 'unroll.session';
/** Undo and redo steps that outlive a reload. */
const steps = 40;

/** What a window shows, from its end to its start anew: a reload changes nothing. */
const session = z.strictObject({
  /** The document with the states that undo and redo lead to, oldest first. */
  states: z.array(unrollDocument).min(1),
  present: z.number().int().min(0),
  /** Which of them is on disk; `null` where none is. */
  saved: z.number().int().nullable(),
  path: z.string().nullable(),
  revision: z.string().nullable(),
  autosaveKey: z.string(),
  readme: z.string().nullable(),
  /** The placed blocks that were entered. */
  level: z.array(z.string()).default([]),
  selection: z.array(z.string()),
  viewport: z.strictObject({ x: z.number(), y: z.number(), zoom: z.number() }).nullable(),
  tab: z.enum(['design', 'data', 'runs', 'sweep', 'playground']),
  run: z.string().nullable(),
});

/** Keeps what the window shows for its next start in this tab. `false` where the browser has no room for it. */
export function keepSession(storage: Storage): boolean {
  const state = useDocumentStore.getState();
  const { whole, level, saved, path, revision, autosaveKey, readme, selection, history } = state;
  for (const kept of [steps, 0]) {
    const past = kept === 0 ? [] : history.past.slice(-kept);
    const states = [...past, whole, ...history.future.slice(0, kept)];
    const index = states.indexOf(saved);
    const content: z.input<typeof session> = {
      states,
      present: past.length,
      saved: index < 0 ? null : index,
      path,
      revision,
      autosaveKey,
      readme,
      level: [...level],
      selection: [...selection],
      viewport: useViewport.getState().places.get(viewKey(state)) ?? null,
      tab: useUiStore.getState().tab,
      run: useTrainingStore.getState().active,
    };
    try {
      storage.setItem(place, JSON.stringify(content));
      return true;
    } catch {
      storage.removeItem(place); // no room: without the steps of undo
    }
  }
  return false;
}

/**
 * Shows again what `keepSession` kept, once: a tab that is a copy of this one starts with a document of its own.
 *
 * @returns whether there was anything
 */
export function restoreSession(storage: Storage): boolean {
  const text = storage.getItem(place);
  storage.removeItem(place);
  if (text === null) return false;
  const read = session.safeParse(safeJson(text));
  if (!read.success) return false;
  const { states, present, saved, viewport, tab, run, level, selection, ...kept } = read.data;
  const document = states[present];
  if (!document) return false;
  useDocumentStore.getState().restore({
    ...kept,
    document,
    past: states.slice(0, present),
    future: states.slice(present + 1),
    saved: saved === null ? null : (states[saved] ?? null),
  });
  useDocumentStore.getState().enter(level);
  useDocumentStore.getState().select(selection);
  if (viewport)
    useViewport.setState({ places: new Map([[viewKey(useDocumentStore.getState()), viewport]]), zoom: viewport.zoom });
  useUiStore.getState().setTab(tab);
  useTrainingStore.setState({ active: run });
  return true;
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
