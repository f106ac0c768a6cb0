import { compilePlan } from '../engine/compile/compile-plan.ts';
import { initializeParameters } from '../engine/compile/initialize.ts';
import type { Plan } from '../engine/compile/plan.ts';
import { epochBatches } from '../engine/data/batches.ts';
import type { EncodedSplit, PreparedData } from '../engine/data/dataset.ts';
import { prepareData } from '../engine/data/prepare.ts';
import type { UnrollDocument } from '../engine/document/schema.ts';
import type { TrainingSettings } from '../engine/document/training-settings.ts';
import type { NamedTensor } from '../engine/files/safetensors.ts';
import { findTemplate } from '../templates/registry.ts';
import { type Task, task } from './cases.ts';
import { renamed, type StateDict } from './problem.ts';

export interface EpochProblem {
  readonly document: UnrollDocument;
  readonly plan: Plan;
  readonly data: PreparedData;
  readonly settings: TrainingSettings;
}

/** With a larger one, rounding grows over an epoch until losses cannot be compared. */
const mostLearningRate = 1e-3;

/** One epoch of a template at a constant, low rate and without dropout, so that every peer can compute the same. */
export async function epochProblem(template: string): Promise<EpochProblem> {
  const original = findTemplate(template).document();
  const settings: TrainingSettings = {
    ...original.training,
    epochs: 1,
    schedule: { kind: 'constant' },
    learningRate: Math.min(original.training.learningRate, mostLearningRate),
  };
  const document: UnrollDocument = {
    ...original,
    training: settings,
    nodes: original.nodes.map((node) => (node.kind === 'dropout' ? { ...node, params: { ...node.params, rate: 0 } } : node)),
  };
  if (document.data === null) throw new Error(`the template ${template} has no data`);
  const data = await prepareData(document.data);
  const compiled = compilePlan(document, data.encoding.facts);
  if (!compiled.ok) throw new Error(compiled.problems.map((problem) => problem.message).join('; '));
  return { document, plan: compiled.plan, data, settings };
}

/** What a peer needs to know of the template's model. */
export function epochTask(template: string, { document, plan, data, settings }: EpochProblem): Task {
  const cellNode = document.nodes.find(({ kind }) => kind.endsWith('-cell'));
  const wrappers = plan.modules.filter(({ kind }) => kind === 'recurrent' || kind === 'bidirectional');
  const { train } = data.splits;
  const lengths = Array.from({ length: train.count }, (_, i) => (train.offsets[i + 1] ?? 0) - (train.offsets[i] ?? 0));
  return task.parse({
    kind: 'epoch',
    cell: cellNode?.kind.replace('-cell', ''),
    directions: wrappers[0]?.kind === 'bidirectional' ? 2 : 1,
    layers: wrappers.length,
    embedding: plan.modules.find(({ kind }) => kind === 'embedding')?.config['width'],
    hidden: cellNode?.params['hidden'],
    rows: settings.batchSize,
    steps: Math.max(...lengths),
    shortest: Math.min(...lengths),
    vocabulary: data.encoding.facts.vocabulary,
    classes: data.encoding.facts.classes,
    head: wrappers.at(-1)?.config['output'],
    form: 'reset-after',
    learningRate: settings.learningRate,
    clipNorm: settings.clipNorm,
    template,
  });
}

/**
 * The same epoch for a peer: the weights a session starts from, `tokens [S]` and `offsets [N + 1]` of the training split,
 * `targets [N]` or `[S]`, and the batches as `order [N]` cut at `batchEnds`.
 */
export function epochTensors({ plan, data, settings }: EpochProblem): { readonly tensors: StateDict; readonly tokens: number } {
  const { train } = data.splits;
  const batches = epochBatches(train, { batchSize: settings.batchSize, seed: settings.seed, epoch: 0, shuffle: true });
  let end = 0;
  const ends = batches.map((batch) => {
    end += batch.length;
    return end;
  });
  const tensors = new Map<string, NamedTensor>([
    ...renamed(plan, initializeParameters(plan, settings.seed)),
    ['tokens', integers(train.tokens ?? [])],
    ['offsets', integers(train.offsets)],
    ['targets', integers(targetsOf(train))],
    ['order', integers(batches.flatMap((batch) => [...batch]))],
    ['batchEnds', integers(ends)],
  ]);
  return { tensors, tokens: train.offsets[train.count] ?? 0 };
}

function targetsOf(split: EncodedSplit): Int32Array {
  const targets = split.tagTargets ?? split.classTargets;
  if (targets === null) throw new Error('an epoch needs class or tag targets');
  return targets;
}

const integers = (values: ArrayLike<number>): NamedTensor => {
  const data = Int32Array.from(values);
  return { dtype: 'I32', shape: [data.length], data };
};
