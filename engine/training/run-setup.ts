import { activateBackend, activateForTraining } from '../backends/choose.tf.ts';
import { compilePlan } from '../compile/compile-plan.ts';
import type { Plan } from '../compile/plan.ts';
import type { DataEncoding, PreparedData } from '../data/dataset.ts';
import { reencoded } from '../data/reencode.ts';
import { dataInGraph } from '../document/data-in-graph.ts';
import type { UnrollDocument } from '../document/schema.ts';
import type { TrainingSettings } from '../document/training-settings.ts';
import { wayOf } from '../graph/inside-problems.ts';
import type { BackendName, DeviceInfo } from '../protocol/app.ts';
import { UserError } from '../protocol/envelope.ts';

/** Reads a run's data. @param terms a model whose tokens it is read as; otherwise they are learned from it */
export type Prepare = (binding: DataEncoding['binding'], signal?: AbortSignal, terms?: DataEncoding) => Promise<PreparedData>;

/** A model in whose terms data is read. */
export interface ModelTerms {
  readonly encoding: DataEncoding;
  /** Throws where the data is not what the model asks for. */
  check?(data: PreparedData): void;
}

/**
 * @param model whose vocabulary, classes and normalization the data is read in: that of a run which goes on, or starts from another
 * @throws UserError `no-data`, `graph-has-problems`, what is wrong with the data, or that the signal has aborted
 */
export async function compileOnData(
  document: UnrollDocument,
  prepare: Prepare,
  signal: AbortSignal,
  model: ModelTerms | null = null,
): Promise<{ data: PreparedData; plan: Plan }> {
  const binding = dataInGraph(document);
  if (binding === null) {
    throw new UserError({ code: 'no-data', message: 'No data is attached.', hint: 'Choose a file in the Data panel.' });
  }
  const prepared = await prepare(binding, signal, model?.encoding);
  model?.check?.(prepared);
  const data = model ? reencoded(prepared, model.encoding) : prepared;
  signal.throwIfAborted();
  const compiled = compilePlan(document, data.encoding.facts);
  if (compiled.ok) return { data, plan: compiled.plan };
  const problem = compiled.problems.find((p) => p.severity === 'error') ?? compiled.problems[0];
  const node = problem ? wayOf(problem) : null;
  throw new UserError({
    code: 'graph-has-problems',
    message: `The graph cannot be trained: ${problem?.message ?? 'it has problems'}.`,
    ...(problem ? { hint: problem.fix } : {}),
    ...(node === null ? {} : { node }),
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
