import { versions } from '../manage/new-record.ts';
import type { RunSummary } from '../protocol/runs.ts';
import type { RunStore } from '../runs/run-store.ts';
import { newRunId } from '../runs/run-store.ts';
import type { ImportedModel } from './imported-model.ts';

/**
 * Keeps an imported model as a run that is done: it can be predicted with, exported, and trained on from. It has no figures of its own,
 * because nothing was measured here.
 *
 * @param folder absolute path; a new folder in the run store otherwise
 */
export async function saveImportedRun(
  store: RunStore,
  { document, encoding, weights }: ImportedModel,
  from: string,
  folder?: string,
): Promise<RunSummary> {
  const created = new Date();
  const numbers = encoding.classes === null;
  const summary: RunSummary = {
    id: newRunId(document.name, created),
    name: `${document.name.slice(0, 180)} (imported)`,
    documentName: document.name,
    status: 'done',
    created: created.getTime(),
    seconds: 0,
    epoch: 0,
    epochs: 0,
    step: 0,
    totalSteps: 0,
    backend: 'javascript',
    device: 'imported, not trained here',
    headline: { metric: numbers ? 'rmse' : 'accuracy', higherIsBetter: !numbers, baseline: 0, baselineName: '' },
    best: null,
    validation: null,
    parameters: [...weights.values()].reduce((sum, { data }) => sum + data.length, 0),
    message: `Imported from ${from}.`,
  };
  const target = store.folder(folder ?? summary.id);
  const record = {
    format: 'unroll-run',
    version: 1,
    summary,
    document,
    facts: encoding.facts,
    fingerprint: encoding.fingerprint,
    seed: document.training.seed,
    versions,
  } as const;
  await target.alone(async () => {
    await target.create(record, encoding);
    await target.saveBest(weights, 0);
  });
  return summary;
}
