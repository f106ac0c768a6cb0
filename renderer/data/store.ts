import { create } from 'zustand';
import {
  type DataBinding,
  type DataSource,
  dataBinding,
  type ReaderSettings,
  type TaskKind,
} from '../../engine/document/data-binding.ts';
import { dataInGraph } from '../../engine/document/data-in-graph.ts';
import type { EventData } from '../../engine/protocol/contract.ts';
import type { DataPreview, DataReport } from '../../engine/protocol/data.ts';
import type { Failure } from '../../engine/protocol/envelope.ts';
import { noFacts } from '../../engine/shapes/infer-shapes.ts';
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
const inGraph = (): DataBinding | null => dataInGraph(useDocumentStore.getState().document);

/** Files above this wait for a click before they are read through. */
const readAtOnce = 30_000_000;

/** Looks at a file and binds it to the document with everything guessed. Undoable like any edit. */
export async function chooseFile(path: string, splitFiles?: FileSource['splitFiles']): Promise<void> {
  const preview = await look(path);
  if (!preview) return;
  const { task } = preview;
  const before = binding();
  useDocumentStore.getState().setData(
    dataBinding.parse({
      source: { kind: 'file', path: preview.path, ...(splitFiles ? { splitFiles } : {}), reader: preview.reader },
      task,
      ...guessSettings(task, preview.reader, preview),
      ...(before ? { split: before.split } : {}),
    }),
  );
}

async function look(path: string, reader?: Partial<ReaderSettings>): Promise<DataPreview | null> {
  set({ previewing: true, failure: null });
  try {
    const preview = await engine.call('data.preview', reader ? { path, reader } : { path });
    set({ preview });
    return preview;
  } catch (error) {
    set({ failure: failureOf(error) });
    return null;
  } finally {
    set({ previewing: false });
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
    ...kept
  } = current.source.reader;
  const { format, encoding, missing, lists } = { ...kept, ...patch };
  // What another format or delimiter means by the rest is detected anew.
  const anew = patch.format !== undefined || patch.delimiter !== undefined;
  const reader = anew ? { format, encoding, missing, lists, ...patch } : { ...kept, ...patch };
  const preview = await look(current.source.path, reader);
  if (preview) changeBinding({ source: { ...current.source, reader: preview.reader }, task: preview.task });
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

/** Counts preparations: only the newest one's answer counts. */
let turn = 0;

/** Reads the data through: facts for the graph, and the report. */
export async function prepare(): Promise<void> {
  const asked = inGraph();
  if (!asked) return;
  const mine = ++turn;
  set({ preparing: true, progress: null, failure: null });
  try {
    const report = await engine.call('data.prepare', { binding: asked });
    if (mine !== turn) return;
    set({ report, reported: asked, preparing: false, progress: null });
    if (inGraph() === asked) useDocumentStore.getState().setFacts(report.facts);
  } catch (error) {
    if (mine !== turn) return;
    const failure = failureOf(error);
    set({ preparing: false, progress: null, failure: failure.code === 'cancelled' ? null : failure });
    if (failure.code !== 'cancelled') useDocumentStore.getState().setFacts(noFacts);
  }
}

export async function cancelPreparing(): Promise<void> {
  turn++;
  set({ preparing: false, progress: null });
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
    turn++;
    set({ preview: null, report: null, reported: null, failure: null, preparing: false, progress: null });
    useDocumentStore.getState().setFacts(noFacts);
    return;
  }
  const { preview, previewing, report, reported } = get();
  if (report && JSON.stringify(reported) === JSON.stringify(next)) {
    // An equal binding in another document: the report stays true.
    set({ reported: next });
    useDocumentStore.getState().setFacts(report.facts);
    return;
  }
  if (next.source.kind !== 'file') set({ preview: null });
  else if (preview?.path !== next.source.path && !previewing) void look(next.source.path, next.source.reader);
  const sameSource = reported !== null && JSON.stringify(reported.source) === JSON.stringify(next.source);
  if (!sameSource) set({ report: null, reported: null });
  const large = next.source.kind === 'file' && preview?.path === next.source.path && preview.bytes > readAtOnce;
  if (!large) timer = setTimeout(() => void prepare(), sameSource ? 500 : 0);
}

engine.on('data.progress', (progress) => {
  if (get().preparing) set({ progress });
});
