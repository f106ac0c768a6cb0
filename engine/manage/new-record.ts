import packageFile from '../../package.json' with { type: 'json' };
import type { Plan } from '../compile/plan.ts';
import type { PreparedData } from '../data/dataset.ts';
import type { UnrollDocument } from '../document/schema.ts';
import { graphFingerprint } from '../graph/graph-fingerprint.ts';
import type { RunSummary } from '../protocol/runs.ts';
import type { RunRecord } from '../runs/run-record.ts';
import { newRunId } from '../runs/run-store.ts';
import type { SessionFacts } from '../training/session-facts.ts';

/** Programs whose versions decide a run's numbers. */
export const versions: Readonly<Record<string, string>> = {
  unroll: packageFile.version,
  tensorflowjs: packageFile.dependencies['@tensorflow/tfjs-core'],
  node: process.versions.node,
};

export interface NewRun {
  readonly document: UnrollDocument;
  readonly data: PreparedData;
  readonly plan: Plan;
  readonly facts: SessionFacts;
  readonly device: Pick<RunSummary, 'backend' | 'on'> & { readonly description: string };
  readonly name: string;
  /** One of its own otherwise. */
  readonly id?: string | undefined;
  readonly tags?: RunSummary['tags'];
  /** What the user should know of the start. */
  readonly notes?: readonly string[] | undefined;
}

/** `run.json` of a run that is about to start. */
export function newRecord({ document, data, plan, facts, device, name, id, tags, notes }: NewRun): RunRecord {
  const created = new Date();
  const { training } = document;
  return {
    format: 'unroll-run',
    version: 1,
    summary: {
      id: id ?? newRunId(document.name, created),
      name,
      documentName: document.name,
      graph: graphFingerprint(document),
      status: 'running',
      created: created.getTime(),
      seconds: 0,
      epoch: 0,
      epochs: training.epochs,
      step: 0,
      totalSteps: facts.totalSteps,
      backend: device.backend,
      device: device.description,
      ...(device.on === undefined ? {} : { on: device.on }),
      headline: facts.headline,
      judgedOn: facts.validationSplit,
      best: null,
      validation: null,
      parameters: countParameters(plan),
      message: null,
      ...(tags ? { tags: [...tags] } : {}),
      ...(notes ? { notes: [...notes] } : {}),
    },
    document,
    facts: data.encoding.facts,
    fingerprint: data.encoding.fingerprint,
    seed: training.seed,
    versions,
  };
}

const countParameters = (plan: Plan): number =>
  plan.modules
    .flatMap((module) => module.parameters)
    .reduce((sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1), 0);
