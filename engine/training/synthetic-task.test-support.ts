import { compilePlan } from '../compile/compile-plan.ts';
import type { Plan } from '../compile/plan.ts';
import type { DataEncoding, EncodedSplit, PreparedData } from '../data/dataset.ts';
import { plainReport } from '../data/plain-report.ts';
import { sharedIds } from '../data/shared-memory.ts';
import { dataBinding, type TaskKind } from '../document/data-binding.ts';
import { node, wire } from '../document/fixtures/graph-literals.ts';
import { emptyDocument, type UnrollDocument } from '../document/schema.ts';
import { trainingSettings } from '../document/training-settings.ts';
import { Random } from '../random.ts';

/** Small learnable tasks for tests: the target follows from the tokens, and lengths vary so that batches are padded. */
export interface SyntheticTask {
  readonly document: UnrollDocument;
  readonly plan: Plan;
  readonly data: PreparedData;
}

const vocabulary = ['<pad>', '<unk>', '<bos>', '<eos>', 'a', 'b', 'c', 'd', 'e', 'f'];

/**
 * - classification: is there an `a`?
 * - tagging: `a` starts a name, which runs to the next `b`
 * - regression: how many `a`
 * - forecasting: the next point of a wave
 */
export function syntheticTask(task: TaskKind, settings: Record<string, unknown> = {}, examples = 240): SyntheticTask {
  const classes = task === 'sequence-classification' ? ['no', 'yes'] : task === 'step-tagging' ? ['0', '1'] : null;
  const series = task === 'forecasting';
  const numbers = task === 'sequence-regression' || series;
  const facts = {
    vocabulary: series ? null : vocabulary.length,
    classes: classes?.length ?? null,
    features: series ? 1 : null,
    targets: numbers ? 1 : null,
  };
  const binding = dataBinding.parse({ source: { kind: 'template', name: 'synthetic' }, task });
  const normalization = { names: ['y'], mean: [10], deviation: [2] };
  const encoding: DataEncoding = {
    binding,
    facts,
    fingerprint: `synthetic-${task}`,
    vocabulary: series ? null : vocabulary,
    classes,
    inputNormalization: series ? normalization : null,
    targetNormalization: numbers ? normalization : null,
  };
  const make = (count: number, stream: string): EncodedSplit =>
    series ? wave(count, stream) : tokenSplit(task, count, new Random(11, stream));
  const splits = { train: make(examples, 'train'), validation: make(60, 'validation'), test: make(60, 'test') };
  const document = { ...graph(task, classes !== null), data: binding, training: trainingSettings.parse(settings) };
  const compiled = compilePlan(document, facts);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems));
  return { document, plan: compiled.plan, data: { encoding, splits, report: reportOf(encoding, splits) } };
}

function tokenSplit(task: TaskKind, count: number, random: Random): EncodedSplit {
  const offsets = new Uint32Array(count + 1);
  const tokens: number[] = [];
  const tags: number[] = [];
  const found = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    const length = 3 + random.below(8);
    let inside = 0;
    for (let t = 0; t < length; t++) {
      const token = 4 + random.below(random.below(2) === 0 ? 6 : 5);
      if (token === 4) {
        inside = 1;
        found[i] = (found[i] ?? 0) + 1;
      } else if (token === 5) inside = 0;
      tokens.push(token);
      tags.push(inside);
    }
    offsets[i + 1] = tokens.length;
  }
  // As read from a file: a thread may take its batches out of it.
  const shared = sharedIds(tokens.length, vocabulary.length - 1);
  shared.set(tokens);
  return {
    count,
    offsets,
    tokens: shared,
    series: null,
    classTargets: task === 'sequence-classification' ? found.map((n) => (n > 0 ? 1 : 0)) : null,
    tagTargets: task === 'step-tagging' ? Int32Array.from(tags) : null,
    numberTargets: task === 'sequence-regression' ? Float32Array.from(found) : null,
    lines: Uint32Array.from({ length: count }, (_, i) => i + 1),
  };
}

function wave(count: number, stream: string): EncodedSplit {
  const length = 12;
  const shift = stream.length;
  const values = Float32Array.from({ length: count + length }, (_, t) => Math.sin((t + shift) / 2));
  return {
    count,
    offsets: Uint32Array.from({ length: count + 1 }, (_, i) => i * length),
    starts: Uint32Array.from({ length: count }, (_, i) => i),
    tokens: null,
    series: values,
    classTargets: null,
    tagTargets: null,
    numberTargets: Float32Array.from({ length: count }, (_, i) => values[i + length] ?? 0),
    lines: Uint32Array.from({ length: count }, (_, i) => i + 1),
  };
}

function graph(task: TaskKind, classes: boolean): UnrollDocument {
  const series = task === 'forecasting';
  const recurrent = { output: task === 'step-tagging' ? 'every-step' : 'last' };
  return {
    ...emptyDocument('Synthetic'),
    nodes: [
      ...(series ? [node('input', 'series-input')] : [node('input', 'token-input'), node('embed', 'embedding', { width: 6 })]),
      node('drop', 'dropout', { rate: 0.1 }),
      node('cell', 'gru-cell', { hidden: 8 }),
      node('rnn', 'recurrent', recurrent),
      node('head', classes ? 'dense-softmax' : 'linear-regression'),
    ],
    edges: [
      ...(series
        ? [wire('input.sequence > drop.input')]
        : [wire('input.tokens > embed.tokens'), wire('embed.sequence > drop.input')]),
      wire('drop.output > rnn.sequence'),
      wire('cell.cell > rnn.cell'),
      wire('rnn.output > head.input'),
    ],
  };
}

export function reportOf(encoding: DataEncoding, splits: PreparedData['splits']): PreparedData['report'] {
  return {
    ...plainReport(encoding, splits, null),
    lengths: { edges: [0, 1], counts: [0] },
    warnings: [],
  };
}
