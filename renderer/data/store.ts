import { create } from 'zustand';
import {
  type DataBinding,
  type DataSource,
  dataBinding,
  type ReaderSettings,
  type TaskKind,
} from '../../engine/document/data-binding.ts';
import { dataInGraph } from '../../engine/document/data-in-graph.ts';
import { noFacts } from '../../engine/graph/infer-shapes.ts';
import type { EventData } from '../../engine/protocol/contract.ts';
import type { DataPreview, DataReport } from '../../engine/protocol/data.ts';
import type { Failure } from '../../engine/protocol/envelope.ts';
import { engine, failureOf } from '../bridge/engine.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { guessSettings } from './guess-settings.ts';

type FileSource = Extract<DataSource, { kind: 'file' }>;

interface DataState {
  /** First look at the file of the document's data. */
  readonly preview: DataPreview | null;
  readonly previewing: boolean;
  readonly report: DataReport | null;
  /** The binding that the report is about; the document's may have changed since. */
  readonly reported: DataBinding | null;
  readonly preparing: boolean;
  readonly progress: EventData<'data.progress'> | null;
  readonly failure: Failure | null;
}

export const useDataStore = create<DataState>(() => ({
  preview: null,
  previewing: false,
  report: null,
  reported: null,
  preparing: false,
  progress: null,
  failure: null,
}));

const { getState: get, setState: set } = useDataStore;
const binding = (): DataBinding | null => useDocumentStore.getState().document.data;

/** The same, as the graph reads it. */
const inGraph = (): DataBinding | null => dataInGraph(useDocumentStore.getState().whole);

/** Files above this wait for a click before they are read through. */
const readAtOnce = 30_000_000;

/** Counts what was asked of the document's data; and looks at files, of which the newest one's answer is shown. */
let choices = 0;
let looks = 0;
let lookedAt: string | null = null;

/** Whether, since this was called, nothing else was asked of the data and no other document was opened. */
function newestChoice(): () => boolean {
  const mine = ++choices;
  const { autosaveKey } = useDocumentStore.getState();
  return () => mine === choices && useDocumentStore.getState().autosaveKey === autosaveKey;
}

/** Looks at a file and binds it to the document with everything guessed. Undoable like any edit. */
export async function chooseFile(path: string, others: Pick<FileSource, 'splitFiles' | 'parts'> = {}): Promise<void> {
  const isNewest = newestChoice();
  const preview = await look(path);
  if (!preview || !isNewest()) return;
  const { task } = preview;
  const before = binding();
  useDocumentStore.getState().setData(
    dataBinding.parse({
      source: { kind: 'file', path: preview.path, ...others, reader: preview.reader },
      task,
      ...guessSettings(task, preview.reader, preview),
      ...(before ? { split: before.split } : {}),
    }),
  );
}

async function look(path: string, reader?: Partial<ReaderSettings>): Promise<DataPreview | null> {
  const mine = ++looks;
  lookedAt = path;
  set({ previewing: true, failure: null });
  try {
    const preview = await engine.call('data.preview', reader ? { path, reader } : { path });
    if (mine === looks) set({ preview });
    return preview;
  } catch (error) {
    if (mine === looks) set({ failure: failureOf(error) });
    return null;
  } finally {
    if (mine === looks) {
      lookedAt = null;
      set({ previewing: false });
    }
  }
}

/** Another way to read the same file: columns may change with it, so it is looked at again. */
export async function readAnew(
  patch: Partial<Omit<ReaderSettings, 'inputColumns' | 'targetColumns' | 'groupColumn' | 'splitColumn'>>,
): Promise<void> {
  const current = binding();
  if (current?.source.kind !== 'file') return;
  const {
    inputColumns: _inputs,
    targetColumns: _targets,
    groupColumn: _group,
    splitColumn: _split,
    sentenceColumn,
    ...kept
  } = current.source.reader;
  const { format, encoding, missing, lists } = { ...kept, ...patch };
  // What another format or delimiter means by the rest is detected anew.
  const anew = patch.format !== undefined || patch.delimiter !== undefined;
  const single = sentenceColumn === null ? { sentenceColumn } : {};
  const reader = { ...(anew ? { format, encoding, missing, lists } : kept), ...single, ...patch };
  const isNewest = newestChoice();
  const preview = await look(current.source.path, reader);
  if (preview && isNewest() && binding()?.source === current.source)
    changeBinding({ source: { ...current.source, reader: preview.reader }, task: preview.task });
}

/** What cells mean: the columns stay what they are used for. */
export function changeCells(patch: Partial<Pick<ReaderSettings, 'decimal' | 'thousands' | 'missing' | 'lists'>>): void {
  const current = binding();
  if (current?.source.kind !== 'file') return;
  changeBinding({ source: { ...current.source, reader: { ...current.source.reader, ...patch } } });
}

/** How dates are read that sort a series, or that they do not. */
export function changeDates(choice: 'guess' | 'day-first' | 'month-first' | 'none'): void {
  const current = binding();
  if (current?.source.kind !== 'file') return;
  const { dateOrder: _order, timeColumn: _column, ...reader } = current.source.reader;
  const dates = choice === 'guess' ? {} : choice === 'none' ? { timeColumn: null } : { dateOrder: choice };
  changeBinding({ source: { ...current.source, reader: { ...reader, ...dates } } });
}

/** Another use of the same data. A task that has just become another one gets the settings that the first rows suggest for it. */
export function chooseTask(task: TaskKind): void {
  const current = binding();
  if (!current || current.task === task) return;
  const { preview } = get();
  const known = current.source.kind === 'file' && preview?.path === current.source.path ? current.source.reader : null;
  changeBinding({ task, ...(known && preview ? guessSettings(task, known, preview) : {}) });
}

/** Edits the document's binding. */
export function changeBinding(patch: Partial<DataBinding>): void {
  const current = binding();
  if (current) useDocumentStore.getState().setData({ ...current, ...patch });
}

/** Counts preparations: only the newest one's answer counts, as long as the data is the one that it reads. */
let turn = 0;
let read = '';

const sameAs = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

function dropReading(): void {
  turn++;
  set({ preparing: false, progress: null });
}

/** A look that is under way is at a file that the document does not name any more. */
function dropLook(): void {
  looks++;
  lookedAt = null;
  set({ preview: null, previewing: false });
}

/** Reads the data through: facts for the graph, and the report. */
export async function prepare(): Promise<void> {
  const asked = inGraph();
  if (!asked) return;
  const mine = ++turn;
  read = JSON.stringify(asked.source);
  set({ preparing: true, progress: null, failure: null });
  try {
    const report = await engine.call('data.prepare', { binding: asked });
    if (mine !== turn) return;
    set({ report, reported: asked, preparing: false, progress: null });
    if (sameAs(inGraph(), asked)) useDocumentStore.getState().setFacts(report.facts);
  } catch (error) {
    if (mine !== turn) return;
    const failure = failureOf(error);
    set({ preparing: false, progress: null, failure: failure.code === 'cancelled' ? null : failure });
    if (failure.code !== 'cancelled') useDocumentStore.getState().setFacts(noFacts);
  }
}

export async function cancelPreparing(): Promise<void> {
  dropReading();
  await engine.call('data.cancel', {}).catch((error: unknown) => set({ failure: failureOf(error) }));
}

export const dismissDataFailure = (): void => set({ failure: null });
export const showDataFailure = (failure: Failure): void => set({ failure });

let timer: ReturnType<typeof setTimeout> | undefined;

/**
 * The document's data has changed, by an edit, an undo or because another document was opened; or the engine is another one.
 * Looks at the file, and reads it through unless it is large and nobody asked for it.
 */
export function followBinding(next: DataBinding | null): void {
  clearTimeout(timer);
  if (next === null) {
    dropReading();
    dropLook();
    set({ report: null, reported: null, failure: null });
    useDocumentStore.getState().setFacts(noFacts);
    return;
  }
  const { preview, report, reported } = get();
  if (report && sameAs(reported, next)) {
    // An equal binding, in another document or by undo: the report stays true.
    dropReading();
    set({ reported: next });
    useDocumentStore.getState().setFacts(report.facts);
    return;
  }
  if (next.source.kind !== 'file') dropLook();
  else if ((lookedAt ?? preview?.path) !== next.source.path) void look(next.source.path, next.source.reader);
  if (read !== JSON.stringify(next.source)) dropReading();
  const sameSource = reported !== null && sameAs(reported.source, next.source);
  if (!sameSource) set({ report: null, reported: null });
  const large = next.source.kind === 'file' && preview?.path === next.source.path && preview.bytes > readAtOnce;
  if (!large) timer = setTimeout(() => void prepare(), sameSource ? 500 : 0);
}

engine.on('data.progress', (progress) => {
  if (get().preparing) set({ progress });
});
