import { create } from 'zustand';
import { compilePlan } from '../../engine/compile/compile-plan.ts';
import type { DataBinding } from '../../engine/document/data-binding.ts';
import { emptyDocument, type UnrollDocument } from '../../engine/document/schema.ts';
import type { TrainingSettings } from '../../engine/document/training-settings.ts';
import type { DataFacts } from '../../engine/layers/layer.ts';
import type { Finding } from '../../engine/lint/finding.ts';
import { lint } from '../../engine/lint/lint.ts';
import { type InferredShapes, inferShapes, noFacts } from '../../engine/shapes/infer-shapes.ts';
import { emptyHistory, type History, record, redo, undo } from './history.ts';
import { parameterCounts } from './node-cards.ts';

/** What the graph means, inferred anew on each edit that can change it. */
interface Meaning {
  readonly facts: DataFacts;
  readonly inferred: InferredShapes;
  readonly problems: readonly Finding[];
  /** What keeps the machine's memory from holding the model, of `problems` the one that the engine finds; `null` where it fits. */
  readonly unfit: Finding | null;
  /** Trainable numbers by node. */
  readonly parameters: ReadonlyMap<string, number | null>;
}

interface DocumentState extends Meaning {
  readonly document: UnrollDocument;
  /** File it is saved in. */
  readonly path: string | null;
  /** Of that file when it was read or written last: another one there means that somebody else has saved. `null`: not in a file. */
  readonly revision: string | null;
  /** Key of its autosaved copy; a new one for each opened document. */
  readonly autosaveKey: string;
  /** The document as it is on disk: it is dirty when `document` is another one. */
  readonly saved: UnrollDocument;
  /** The template's text, when it came from one. */
  readonly readme: string | null;
  readonly history: History<UnrollDocument>;
  /** State before the gesture that is under way (a drag), or `null`. */
  readonly gesture: UnrollDocument | null;
  /** Ids of nodes, wires and comments. */
  readonly selection: ReadonlySet<string>;

  /** One undoable edit. Edits with the same `key` in quick succession are one step. */
  edit(change: (document: UnrollDocument) => UnrollDocument, key?: string): void;
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

const newKey = (): string => `d${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 8)}`;

function mean(document: UnrollDocument, facts: DataFacts, before: Finding | null = null): Meaning {
  const inferred = inferShapes(document, facts);
  // Until the engine has looked again, what did not fit still does not.
  const unfit = document.nodes.some(({ id }) => id === before?.node) ? before : null;
  return {
    facts,
    inferred,
    problems: withUnfit(allProblems(document, inferred, facts), unfit),
    unfit,
    parameters: parameterCounts(document, inferred, facts),
  };
}

/** Problems of the wires, and of the whole: a missing head, a head that does not fit the task, no data; and what trains badly. */
function allProblems(document: UnrollDocument, inferred: InferredShapes, facts: DataFacts): readonly Finding[] {
  const found = (problems: InferredShapes['problems']): readonly Finding[] => lint(problems, { document, facts, inferred });
  try {
    const compiled = compilePlan(document, facts);
    return found(compiled.ok ? inferred.problems : compiled.problems);
  } catch {
    return found(inferred.problems); // no problem but that the data is not prepared yet, so widths are unknown
  }
}

const withUnfit = (problems: readonly Finding[], unfit: Finding | null): readonly Finding[] =>
  unfit === null ? problems : [...problems, unfit];

/** What an edit changes of the meaning: nothing where only places and names differ, what may be wrong where only training does. */
function meanAnew(document: UnrollDocument, before: DocumentState): Partial<Meaning> {
  if (!sameMeaning(document, before.document)) return mean(document, before.facts, before.unfit);
  if (document.training === before.document.training) return {};
  return { problems: withUnfit(allProblems(document, before.inferred, before.facts), before.unfit) };
}

/** Whether two documents mean the same: only places, labels, comments, the name or training settings differ. */
function sameMeaning(a: UnrollDocument, b: UnrollDocument): boolean {
  if (a.edges !== b.edges || a.data !== b.data || a.nodes.length !== b.nodes.length) return false;
  return a.nodes.every((node, i) => {
    const other = b.nodes[i];
    return node.id === other?.id && node.kind === other.kind && node.params === other.params;
  });
}

const blank = emptyDocument();

export const useDocumentStore = create<DocumentState>((set, get) => {
  /** Replaces the document without touching the history. */
  const show = (document: UnrollDocument): void => {
    const state = get();
    const selection = pruned(state.selection, document);
    set({ document, selection, ...meanAnew(document, state) });
  };
  return {
    document: blank,
    saved: blank,
    path: null,
    revision: null,
    autosaveKey: newKey(),
    readme: null,
    history: emptyHistory,
    gesture: null,
    selection: new Set(),
    ...mean(blank, noFacts),

    edit(change, key) {
      const { document, history, gesture } = get();
      const next = change(document);
      if (next === document) return;
      if (gesture === null) set({ history: record(history, document, key ?? null, Date.now()) });
      show(next);
    },
    beginGesture() {
      if (get().gesture === null) set({ gesture: get().document });
    },
    endGesture() {
      const { gesture, document, history } = get();
      if (gesture === null) return;
      set({ gesture: null, history: gesture === document ? history : record(history, gesture, null, Date.now()) });
    },
    undo() {
      get().endGesture();
      const result = undo(get().history, get().document);
      if (!result) return;
      set({ history: result.history });
      show(result.present);
    },
    redo() {
      get().endGesture();
      const result = redo(get().history, get().document);
      if (!result) return;
      set({ history: result.history });
      show(result.present);
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
      const { document, facts: before } = get();
      if (JSON.stringify(facts) !== JSON.stringify(before)) set(mean(document, facts));
    },
    setUnfit(unfit) {
      const { problems, unfit: before } = get();
      if (JSON.stringify(unfit) === JSON.stringify(before)) return;
      set({
        unfit,
        problems: withUnfit(
          problems.filter((problem) => problem !== before),
          unfit,
        ),
      });
    },
    setTraining: (patch) =>
      get().edit((d) => ({ ...d, training: { ...d.training, ...patch } }), `training:${Object.keys(patch).join()}`),
    load({ document, path, readme = null, revision = null, dirty = false, facts = noFacts }) {
      set({
        document,
        path,
        readme,
        revision,
        saved: dirty ? emptyDocument(document.name) : document,
        autosaveKey: newKey(),
        history: emptyHistory,
        gesture: null,
        selection: new Set(),
        ...mean(document, facts),
      });
    },
    restore({ document, past, future, saved, ...kept }) {
      set({
        ...kept,
        document,
        saved: saved ?? emptyDocument(document.name),
        history: { ...emptyHistory, past, future },
        gesture: null,
        selection: new Set(),
        ...mean(document, noFacts),
      });
    },
    markSaved: (path, document, revision) => set({ path, saved: document, revision }),
  };
});

/** Whether there are changes that are not on disk. */
export const isDirty = (state: Pick<DocumentState, 'document' | 'saved'>): boolean => state.document !== state.saved;

/** The selection without what the document no longer has. */
function pruned(selection: ReadonlySet<string>, document: UnrollDocument): ReadonlySet<string> {
  if (selection.size === 0) return selection;
  const present = new Set([...document.nodes, ...document.edges, ...document.comments].map((item) => item.id));
  const kept = [...selection].filter((id) => present.has(id));
  return kept.length === selection.size ? selection : new Set(kept);
}
