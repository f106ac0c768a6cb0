import { create } from 'zustand';
import type { DataBinding } from '../../engine/document/data-binding.ts';
import { emptyDocument, type UnrollDocument } from '../../engine/document/schema.ts';
import type { TrainingSettings } from '../../engine/document/training-settings.ts';
import { noFacts } from '../../engine/graph/infer-shapes.ts';
import type { Finding } from '../../engine/lint/finding.ts';
import type { DataFacts } from '../../engine/shapes/data-facts.ts';
import { toast } from '../ui/toast-store.ts';
import { emptyHistory, type History, record, redo, undo, withStepEnded } from './history.ts';
import { changedLevel, editedAt, type Level, levelKey, shownAt, standing } from './levels.ts';
import { type Meaning, mean, meanAnew, withUnfitNow } from './meaning.ts';
import { newKey } from './new-key.ts';

/** Shapes, problems and numbers are those of the graph that is shown, by its own ids. */
interface DocumentState extends Meaning {
  /** What the canvas shows and edits: the document itself, or one with the graph inside a block in place of its own. */
  readonly document: UnrollDocument;
  /** What is saved, trained and exported. */
  readonly whole: UnrollDocument;
  /** Of `whole`, by the ids of nodes inside blocks. */
  readonly meaning: Meaning;
  /** The placed blocks that were entered, outermost first. */
  readonly level: Level;
  /** File it is saved in. */
  readonly path: string | null;
  /** Of that file when it was read or written last: another one there means that somebody else has saved. `null`: not in a file. */
  readonly revision: string | null;
  /** Key of its autosaved copy; a new one for each opened document. */
  readonly autosaveKey: string;
  /** The document as it is on disk: it is dirty when `whole` is another one. */
  readonly saved: UnrollDocument;
  /** The template's text, when it came from one. */
  readonly readme: string | null;
  readonly history: History<UnrollDocument>;
  /** State before the gesture that is under way (a drag), or `null`. */
  readonly gesture: UnrollDocument | null;
  /** Ids of nodes, wires, comments and frames. */
  readonly selection: ReadonlySet<string>;
  /** What was selected in the other levels when they were left, by `levelKey`. */
  readonly selections: ReadonlyMap<string, ReadonlySet<string>>;

  /** One undoable edit of what is shown. Edits with the same `key` that follow each other are one step, until `endStep`. `false`: refused, and told so. */
  edit(change: (document: UnrollDocument) => UnrollDocument, key?: string): boolean;
  /** One undoable edit of the whole document, at whatever level it is looked at. */
  editWhole(change: (whole: UnrollDocument) => UnrollDocument, key?: string): void;
  /** Shows the graph inside a placed block, or the document itself. Not an edit. */
  enter(level: Level): void;
  /** The next edit is a step of its own: the person has done something else meanwhile. */
  endStep(): void;
  /** All edits until `endGesture` are one step. */
  beginGesture(): void;
  endGesture(): void;
  undo(): void;
  redo(): void;
  select(ids: Iterable<string>): void;
  setName(name: string): void;
  setData(binding: DataBinding | null): void;
  /** What the prepared data tells the graph. Not an edit. */
  setFacts(facts: DataFacts): void;
  /** What the engine says of the memory that training would take. Not an edit. */
  setUnfit(unfit: Finding | null): void;
  setTraining(patch: Partial<TrainingSettings>): void;
  /** Shows another document; `dirty` for one that is not on disk as it is (recovered, migrated). */
  load(opened: {
    readonly document: UnrollDocument;
    readonly path: string | null;
    readonly readme?: string | null;
    readonly revision?: string | null;
    readonly dirty?: boolean;
    readonly facts?: DataFacts;
  }): void;
  /** Shows a document as this window showed it before a reload, with its undo. `saved`: the state on disk, or `null`. */
  restore(kept: {
    readonly document: UnrollDocument;
    readonly past: readonly UnrollDocument[];
    readonly future: readonly UnrollDocument[];
    readonly saved: UnrollDocument | null;
    readonly path: string | null;
    readonly revision: string | null;
    readonly autosaveKey: string;
    readonly readme: string | null;
  }): void;
  markSaved(path: string, document: UnrollDocument, revision: string): void;
}

const blank = emptyDocument();

export const useDocumentStore = create<DocumentState>((set, get) => {
  /** Replaces the document without touching the history; the level is kept as far as its blocks are still there. */
  const show = (whole: UnrollDocument, wanted: Level = get().level): void => {
    const state = get();
    const level = standing(whole, wanted);
    const meaning = meanAnew(whole, state.whole, state.meaning);
    const shown = at(whole, level, meaning);
    const { selection, selections } = levelKey(level) === levelKey(state.level) ? state : selectionsAt(state, level);
    set({ whole, meaning, ...shown, selections, selection: pruned(selection, shown.document) });
  };
  const step = (next: UnrollDocument, key: string | undefined): void => {
    const { whole, history, gesture } = get();
    if (next === whole) return;
    if (gesture === null) set({ history: record(history, whole, key ?? null) });
    show(next);
  };
  /** Shows a state of before or after, where its difference is seen. */
  const back = (result: ReturnType<typeof undo<UnrollDocument>>): void => {
    if (!result) return;
    const { whole, level } = get();
    set({ history: result.history });
    show(result.present, changedLevel(whole, result.present, level));
  };
  return {
    ...opened(blank, noFacts),
    saved: blank,
    path: null,
    revision: null,
    autosaveKey: newKey('d'),
    readme: null,
    history: emptyHistory,

    edit(change, key) {
      const { document, whole, level } = get();
      const edited = editedAt(whole, level, document, change);
      if (!('ok' in edited)) step(edited, key);
      else toast({ tone: 'bad', title: `Not done: ${edited.message}`, text: edited.fix });
      return !('ok' in edited);
    },
    editWhole: (change, key) => step(change(get().whole), key),
    enter(level) {
      get().endGesture();
      show(get().whole, level);
    },
    endStep() {
      const { history } = get();
      const ended = withStepEnded(history);
      if (ended !== history) set({ history: ended });
    },
    beginGesture() {
      if (get().gesture === null) set({ gesture: get().whole });
    },
    endGesture() {
      const { gesture, whole, history } = get();
      if (gesture === null) return;
      set({ gesture: null, history: gesture === whole ? history : record(history, gesture, null) });
    },
    undo() {
      get().endGesture();
      back(undo(get().history, get().whole));
    },
    redo() {
      get().endGesture();
      back(redo(get().history, get().whole));
    },
    select(ids) {
      const selection = new Set(ids);
      const before = get().selection;
      if (selection.size === before.size && [...selection].every((id) => before.has(id))) return;
      set({ selection });
    },
    setName: (name) => get().edit((d) => ({ ...d, name: name.slice(0, 200) }), 'name'),
    setData: (data) => get().edit((d) => ({ ...d, data }), 'data'),
    setFacts(facts) {
      const { whole, level, meaning: before } = get();
      if (JSON.stringify(facts) === JSON.stringify(before.facts)) return;
      const meaning = mean(whole, facts);
      set({ meaning, ...shownAt(whole, level, meaning) });
    },
    setUnfit(unfit) {
      const { whole, level, meaning: before } = get();
      if (JSON.stringify(unfit) === JSON.stringify(before.unfit)) return;
      const meaning = withUnfitNow(before, unfit);
      set({ meaning, ...shownAt(whole, level, meaning) });
    },
    setTraining: (patch) =>
      get().edit((d) => ({ ...d, training: { ...d.training, ...patch } }), `training:${Object.keys(patch).join()}`),
    load({ document, path, readme = null, revision = null, dirty = false, facts = noFacts }) {
      set({
        ...opened(document, facts),
        path,
        readme,
        revision,
        saved: dirty ? emptyDocument(document.name) : document,
        autosaveKey: newKey('d'),
        history: emptyHistory,
      });
    },
    restore({ document, past, future, saved, ...kept }) {
      set({
        ...kept,
        ...opened(document, noFacts),
        saved: saved ?? emptyDocument(document.name),
        history: { ...emptyHistory, past, future },
      });
    },
    markSaved: (path, document, revision) => set({ path, saved: document, revision }),
  };
});

/** Whether there are changes that are not on disk. */
export const isDirty = (state: Pick<DocumentState, 'whole' | 'saved'>): boolean => state.whole !== state.saved;

/** What is shown at a level, and what it means. */
function at(whole: UnrollDocument, level: Level, meaning: Meaning) {
  return { level, ...shownAt(whole, level, meaning) };
}

/** A document as it opens. */
function opened(whole: UnrollDocument, facts: DataFacts) {
  const meaning = mean(whole, facts);
  const nothing: Pick<DocumentState, 'gesture' | 'selection' | 'selections'> = {
    gesture: null,
    selection: new Set(),
    selections: new Map(),
  };
  return { whole, meaning, ...at(whole, [], meaning), ...nothing };
}

/** What was selected at that level when it was left; the entered block, where one is left for the level around it. */
function selectionsAt(state: DocumentState, level: Level): Pick<DocumentState, 'selection' | 'selections'> {
  const selections = new Map(state.selections).set(levelKey(state.level), state.selection);
  const left = levelKey(state.level.slice(0, level.length)) === levelKey(level) ? state.level[level.length] : undefined;
  return { selections, selection: left === undefined ? (selections.get(levelKey(level)) ?? new Set()) : new Set([left]) };
}

/** The selection without what the document no longer has. */
function pruned(selection: ReadonlySet<string>, document: UnrollDocument): ReadonlySet<string> {
  if (selection.size === 0) return selection;
  const present = new Set(
    [...document.nodes, ...document.edges, ...document.comments, ...document.frames].map((item) => item.id),
  );
  const kept = [...selection].filter((id) => present.has(id));
  return kept.length === selection.size ? selection : new Set(kept);
}

/** Names what is shown: each level of each document is looked at from its own place. */
export const viewKey = ({ autosaveKey, level }: Pick<DocumentState, 'autosaveKey' | 'level'>): string =>
  [autosaveKey, ...level].join('/');
