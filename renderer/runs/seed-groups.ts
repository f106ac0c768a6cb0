import type { UnrollDocument } from '../../engine/document/schema.ts';
import { listSettings } from '../../engine/graph/settings-list.ts';
import type { RunSummary } from '../../engine/protocol/runs.ts';

/** Runs together that differ in nothing but their seed, in the order of each group's first; one whose document is not known stands alone. */
export function seedGroups(
  runs: readonly RunSummary[],
  documents: Readonly<Record<string, UnrollDocument>>,
): readonly (readonly RunSummary[])[] {
  const groups = new Map<string, RunSummary[]>();
  for (const run of runs) {
    const document = documents[run.id];
    const settings =
      document && listSettings(document).filter(({ group, setting }) => group !== 'Training' || setting !== 'seed');
    const key = settings ? JSON.stringify(settings) : run.id;
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  return [...groups.values()];
}
