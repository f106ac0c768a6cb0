import { activateBackend, activateForTraining } from '../backends/choose.tf.ts';
import { compilePlan } from '../compile/compile-plan.ts';
import type { Plan } from '../compile/plan.ts';
import type { DataEncoding, PreparedData } from '../data/dataset.ts';
import type { UnrollDocument } from '../document/schema.ts';
import type { TrainingSettings } from '../document/training-settings.ts';
import type { BackendName, DeviceInfo } from '../protocol/app.ts';
import { UserError } from '../protocol/envelope.ts';

/** Reads a run's data. */
export type Prepare = (binding: DataEncoding['binding'], signal?: AbortSignal) => Promise<PreparedData>;

/**
 * @param fitted what becomes of the data before the graph is compiled over it: a run that starts from a model has that model's vocabulary
 * @throws UserError `no-data`, `graph-has-problems`, what is wrong with the data, or that the signal has aborted
 */
export async function compileOnData(
  document: UnrollDocument,
  prepare: Prepare,
  signal: AbortSignal,
  fitted: (data: PreparedData) => PreparedData = (data) => data,
): Promise<{ data: PreparedData; plan: Plan }> {
  if (document.data === null) {
    throw new UserError({ code: 'no-data', message: 'No data is attached.', hint: 'Choose a file in the Data panel.' });
  }
  const data = fitted(await prepare(document.data, signal));
  signal.throwIfAborted();
  const compiled = compilePlan(document, data.encoding.facts);
  if (compiled.ok) return { data, plan: compiled.plan };
  const problem = compiled.problems.find((p) => p.severity === 'error') ?? compiled.problems[0];
  throw new UserError({
    code: 'graph-has-problems',
    message: `The graph cannot be trained: ${problem?.message ?? 'it has problems'}.`,
    ...(problem ? { hint: problem.fix } : {}),
    ...(problem?.node ? { node: problem.node } : {}),
  });
}

/** What the settings ask for; otherwise the device that the run was on, or the best. */
export async function chooseDevice(wanted: TrainingSettings['device'], before: BackendName | null): Promise<DeviceInfo> {
  if (wanted !== 'auto') return activateBackend(wanted);
  if (before === null) return activateForTraining();
  return activateBackend(before).catch((error: unknown) => {
    if (error instanceof UserError) return activateForTraining();
    throw error;
  });
}
