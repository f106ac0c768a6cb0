import type { RunSummary } from '../../engine/protocol/runs.ts';

/**
 * The engine's answer about runs, except where an event has renewed a run since it was asked, or the user has deleted it: the engine may
 * have looked before that. A run that ends just then would be shown as training for ever.
 *
 * @param asked the runs as they were known when the question was sent
 * @param known the runs as they are known now
 */
export function newerRuns(
  answered: readonly RunSummary[],
  asked: readonly RunSummary[],
  known: readonly RunSummary[],
): RunSummary[] {
  const renewed = new Map(known.filter((run) => !asked.includes(run)).map((run) => [run.id, run]));
  const left = new Set(known.map((run) => run.id));
  const deleted = new Set(asked.map((run) => run.id).filter((id) => !left.has(id)));
  return answered.filter((run) => !deleted.has(run.id)).map((run) => renewed.get(run.id) ?? run);
}
