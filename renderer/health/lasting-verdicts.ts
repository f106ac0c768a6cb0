import type { UnrollDocument } from '../../engine/document/schema.ts';
import { type HealthVerdict, healthVerdicts, type Illness, illnesses } from '../../engine/lint/health-verdicts.ts';
import type { RecurrenceHealth, RunHealth } from '../../engine/protocol/health.ts';

/**
 * What is wrong with a run's recurrences, by the newest figures. They are of a few rows and jump about: what is said of a recurrence begins
 * and ends only where two measurements in a row agree: one alone says nothing.
 *
 * @param document whose remedies are offered
 * @param measured oldest first
 */
export function lastingVerdicts(document: UnrollDocument, measured: readonly RunHealth[]): readonly HealthVerdict[] {
  const recurrences = measured.at(-1)?.recurrences ?? [];
  return (Object.keys(illnesses) as Illness[]).flatMap((kind) =>
    recurrences.flatMap((newest) => {
      const history = measured.flatMap((run) => {
        const health = run.recurrences.find((one) => isSame(one, newest));
        return health === undefined ? [] : [{ run, health, ill: illnesses[kind].found(health) !== null }];
      });
      const last = history.findLast(({ ill }) => ill);
      if (last === undefined || !lasts(history.map(({ ill }) => ill))) return [];
      return healthVerdicts(document, { ...last.run, recurrences: [last.health] }).filter((verdict) => verdict.kind === kind);
    }),
  );
}

const isSame = (a: RecurrenceHealth, b: RecurrenceHealth): boolean =>
  a.node === b.node && a.layer === b.layer && a.direction === b.direction;

function lasts(history: readonly boolean[]): boolean {
  const agreed = history.findLastIndex((ill, at) => at > 0 && history[at - 1] === ill);
  return history[agreed] ?? false;
}
