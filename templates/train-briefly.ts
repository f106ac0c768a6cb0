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
  /** The headline's metric, on the validation split, with the best weights. */
  readonly best: number;
  readonly goal: number;
}

/** Training may end when the goal is reached, which is often in the middle of an epoch; a validation costs a tenth of one at most. */
const validationsOfEpoch = 4;

/**
 * Trains a template on WASM, made smaller by `shrink`, until a validation passes the goal or the last epoch has ended; for tests.
 *
 * @param goalFrom the value of the headline's metric to pass, from the baseline's
 */
export async function trainBriefly(
  name: string,
  shrink: (document: UnrollDocument) => UnrollDocument,
  goalFrom: (baseline: number) => number,
): Promise<BriefResult> {
  const document = shrink(findTemplate(name).document());
  if (document.data === null) throw new Error(`the template ${name} has no data`);
  const data = await prepareData(document.data);
  const compiled = compilePlan(document, data.encoding.facts);
  if (!compiled.ok)
    throw new Error(`the template ${name} does not compile: ${compiled.problems.map((problem) => problem.message).join('; ')}`);
  await activateBackend('wasm');
  const sink = new MemorySink();
  const steps = Math.ceil(data.splits.train.count / document.training.batchSize);
  const settings = { ...document.training, checkpointEverySteps: Math.max(10, Math.ceil(steps / validationsOfEpoch)) };
  const session = new TrainingSession({ plan: compiled.plan, data, settings, sink });
  const { headline } = session.facts;
  const goal = goalFrom(headline.baseline);
  const reached: number[] = [];
  sink.onEvaluation = ({ split, values }) => {
    if (split !== 'validation') return;
    const value = values[headline.metric] ?? Number.NaN;
    reached.push(value);
    if (headline.higherIsBetter ? value > goal : value < goal) session.stop();
  };
  try {
    await session.run();
    return { report: wholeReport(data), headline, goal, best: Math[headline.higherIsBetter ? 'max' : 'min'](...reached) };
  } finally {
    session.dispose();
  }
}
