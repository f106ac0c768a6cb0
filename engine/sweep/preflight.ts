import { compilePlan } from '../compile/compile-plan.ts';
import type { PreparedData } from '../data/dataset.ts';
import { dataInGraph } from '../document/data-in-graph.ts';
import type { UnrollDocument } from '../document/schema.ts';
import type { SweepObjective } from '../document/sweep-settings.ts';
import { memoryNeed } from '../lint/memory.ts';
import { sweepFindings } from '../lint/sweep-findings.ts';
import { headlineMetric, judgedSplit } from '../metrics/headline.ts';
import { UserError } from '../protocol/envelope.ts';
import { largestTrainingBatch } from '../training/machine-memory.ts';
import type { Prepare } from '../training/run-setup.ts';

/** What is known before the first trial. */
export interface Preflight {
  readonly data: PreparedData;
  readonly objective: SweepObjective;
}

/**
 * Looks at what every trial would meet.
 *
 * @throws UserError `nothing-to-vary`, `sweep-has-problems`, `no-data`, `no-validation-split`, and what is wrong with the data
 */
export async function preflight(document: UnrollDocument, prepare: Prepare, signal?: AbortSignal): Promise<Preflight> {
  const { sweep } = document;
  if (sweep === undefined || sweep.vary.length === 0) {
    throw new UserError({
      code: 'nothing-to-vary',
      message: 'The document varies no setting.',
      hint: 'Mark one with “Vary” in the inspector, or write it into the document’s sweep section (docs/sweeps.md).',
    });
  }
  const [problem, ...more] = sweepFindings(document);
  if (problem !== undefined) {
    throw new UserError({
      code: 'sweep-has-problems',
      message: `The sweep cannot start: ${problem.message}${more.length > 0 ? ` (and ${more.length} more)` : ''}.`,
      hint: problem.fix,
      ...(problem.node === null ? {} : { node: problem.node }),
    });
  }
  const binding = dataInGraph(document);
  if (binding === null)
    throw new UserError({ code: 'no-data', message: 'No data is attached.', hint: 'Choose a file in the Data panel.' });
  const data = await prepare(binding, signal);
  if (judgedSplit(data.splits) !== 'validation') {
    throw new UserError({
      code: 'no-validation-split',
      message: 'There is no validation split to judge trials on: the best would be what fits the training split best.',
      hint: 'Give the validation split a share of the data, or a file of its own.',
    });
  }
  const { metric, higherIsBetter } = headlineMetric(data.encoding);
  return { data, objective: sweep.objective ?? { metric, direction: higherIsBetter ? 'maximize' : 'minimize' } };
}

/** Memory that training a document on that data takes at least, in bytes; 0 where its graph cannot be trained. */
export function trainingBytes(document: UnrollDocument, data: PreparedData): number {
  const compiled = compilePlan(document, data.encoding.facts);
  if (!compiled.ok) return 0;
  const { training } = document;
  const batch = largestTrainingBatch(data, training.batchSize);
  return memoryNeed(compiled.plan, training, batch, training.device === 'wasm' ? 'wasm-process' : 'process').bytes;
}
