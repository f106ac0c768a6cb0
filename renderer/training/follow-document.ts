import type { UnrollDocument } from '../../engine/document/schema.ts';
import { diffDocuments, type SettingsRow } from '../runs/settings-diff.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { runningRun, showRun, useTrainingStore } from './store.ts';

/** In what the graph on the canvas differs from the one that a run was trained with; places, labels and training settings do not count. */
export const graphDifferences = (trained: UnrollDocument, shown: UnrollDocument): readonly SettingsRow[] =>
  diffDocuments([trained, shown]).filter(({ group }) => group === 'Graph');

/** The run that each document of this window showed last, by autosave key. */
const shownBy = new Map<string, string>();

/**
 * The training panel is of the document on the canvas: another document brings its own run, or none. A run that trains stays in sight,
 * so that it can be paused and stopped.
 *
 * @returns the function that ends this
 */
export function followDocument(): () => void {
  return useDocumentStore.subscribe((state, before) => {
    if (state.autosaveKey === before.autosaveKey) return;
    const training = useTrainingStore.getState();
    if (training.active !== null) shownBy.set(before.autosaveKey, training.active);
    if (runningRun(training)) return;
    const own = shownBy.get(state.autosaveKey);
    if (own !== undefined && training.runs.some(({ id }) => id === own)) void showRun(own);
    else useTrainingStore.setState({ active: null, failure: null });
  });
}
