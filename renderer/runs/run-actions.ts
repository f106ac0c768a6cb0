import type { RunSummary } from '../../engine/protocol/runs.ts';
import { leaveDocument } from '../documents/document-actions.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { announce, canvasAfterwards, useUiStore } from '../store/ui-store.ts';
import { loadRun, resume, showRun, startTraining, useTrainingStore } from '../training/store.ts';

/** Shows the run on the canvas' training panel, with the document it was trained with on the canvas. */
export async function openOnCanvas(run: RunSummary): Promise<void> {
  if (!(await leaveDocument())) return;
  const showCanvas = canvasAfterwards();
  if (!useTrainingStore.getState().documents[run.id]) await loadRun(run.id);
  const document = useTrainingStore.getState().documents[run.id];
  if (!document) return;
  useDocumentStore.getState().load({ document, path: null, dirty: true });
  showCanvas();
  announce(`The document of ${run.name} is on the canvas.`);
  await showRun(run.id);
}

export async function resumeRun(run: RunSummary): Promise<void> {
  useUiStore.getState().setTab('design');
  await resume(run.id);
}

/** Trains the graph on the canvas as a new run, from this run's weights and with its vocabulary. */
export async function trainFrom(run: RunSummary): Promise<void> {
  useUiStore.getState().setTab('design');
  await startTraining(run.id);
}

/** One that diverged would only diverge again. */
export const canResume = (run: RunSummary): boolean =>
  run.status === 'paused' ||
  run.status === 'stopped' ||
  run.status === 'interrupted' ||
  (run.status === 'failed' && run.failure !== 'loss-not-finite');
export const isLive = (run: RunSummary): boolean => run.status === 'running' || run.status === 'paused';
