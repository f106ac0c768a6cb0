import { activateBackend } from '../engine/backends/choose.tf.ts';
import { compilePlan } from '../engine/compile/compile-plan.ts';
import { prepareData } from '../engine/data/prepare.ts';
import type { UnrollDocument } from '../engine/document/schema.ts';
import { wholeReport } from '../engine/metrics/headline.ts';
import type { DataReport } from '../engine/protocol/data.ts';
import type { RunSummary } from '../engine/protocol/runs.ts';
import { MemorySink } from '../engine/training/memory-sink.test-support.ts';
import { TrainingSession } from '../engine/training/session.tf.ts';
import { findTemplate } from './registry.ts';

/** What a short training reached. */
export interface BriefResult {
  readonly report: DataReport;
  readonly headline: RunSummary['headline'];
  /** The headline's metric after each epoch, on the validation split. */
  readonly reached: readonly number[];
}

/** Trains a template on WASM, made smaller by `shrink`; for tests. */
export async function trainBriefly(name: string, shrink: (document: UnrollDocument) => UnrollDocument): Promise<BriefResult> {
  const document = shrink(findTemplate(name).document());
  if (document.data === null) throw new Error(`the template ${name} has no data`);
  const data = await prepareData(document.data);
  const compiled = compilePlan(document, data.encoding.facts);
  if (!compiled.ok)
    throw new Error(`the template ${name} does not compile: ${compiled.problems.map((problem) => problem.message).join('; ')}`);
  await activateBackend('wasm');
  const sink = new MemorySink();
  const session = new TrainingSession({ plan: compiled.plan, data, settings: document.training, sink });
  try {
    await session.run();
    const { headline } = session.facts;
    return {
      report: wholeReport(data),
      headline,
      reached: sink.evaluations
        .filter((evaluation) => evaluation.split === 'validation')
        .map((evaluation) => evaluation.values[headline.metric] ?? Number.NaN),
    };
  } finally {
    session.dispose();
  }
}
