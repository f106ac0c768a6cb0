import { beforeAll, describe, expect, it } from 'vitest';
import type { Batch } from '../data/dataset.ts';
import { Random } from '../random.ts';
import { syntheticTask } from '../training/synthetic-task.test-support.ts';
import { askTorch, torchMissing } from '../training/torch-expectation.test-support.ts';
import { SplitMetrics } from './split-metrics.ts';

const lengths = [5, 2, 4, 1, 3];
const steps = 5;
const weights = [0.25, 4];

/** Batches of a tagging split with padding of its own content, and all of it as lists for PyTorch. */
function tagged(): { batches: { batch: Batch; logits: number[] }[]; logits: number[][][]; targets: number[][] } {
  const random = new Random(4);
  const logits = lengths.map(() => Array.from({ length: steps }, () => [random.normal(), random.normal()]));
  const targets = lengths.map((length) => Array.from({ length: steps }, (_, t) => (t < length ? random.below(2) : 1)));
  const batchOf = (examples: readonly number[]): { batch: Batch; logits: number[] } => {
    const rows = examples.length;
    const at = <T>(of: readonly (readonly T[])[]): T[] =>
      Array.from({ length: steps * rows }, (_, i) => of[examples[i % rows] ?? 0]?.[Math.floor(i / rows)] as T);
    const batch: Batch = {
      steps,
      rows,
      tokens: new Int32Array(steps * rows),
      series: null,
      lengths: Int32Array.from(examples, (example) => lengths[example] ?? 0),
      classTargets: null,
      tagTargets: Int32Array.from(at(targets)),
      numberTargets: null,
      target: null,
      examples: Uint32Array.from(examples),
    };
    return { batch, logits: at(logits).flat() };
  };
  return { batches: [batchOf([0, 1, 2]), batchOf([3, 4])], logits, targets };
}

const program = `
import json, sys, torch
from torch import nn
told = json.load(sys.stdin)
logits, targets = torch.tensor(told["logits"], dtype=torch.double), torch.tensor(told["targets"])
for row, length in zip(targets, told["lengths"]):
    row[length:] = -100
weight = torch.tensor(told["weights"], dtype=torch.double)
flat, ids = logits.flatten(0, 1), targets.flatten()
weighted = nn.CrossEntropyLoss(weight, reduction="sum")(flat, ids).item() / len(targets)
plain = nn.CrossEntropyLoss()(flat, ids)
mean = nn.CrossEntropyLoss(weight)(flat, ids).item()
print(json.dumps({"mean": mean, "sum": weighted, "plain": plain.item(), "perplexity": plain.exp().item()}))`;

describe.skipIf(torchMissing() !== null)('figures of a split, against PyTorch', () => {
  const { batches, ...all } = tagged();
  let told: { mean: number; sum: number; plain: number; perplexity: number };
  beforeAll(() => {
    told = askTorch(program, { ...all, lengths, weights }) as typeof told;
  });
  const figures = (timeReduction: 'mean' | 'sum', classWeights: Float32Array | null) => {
    const { encoding } = syntheticTask('step-tagging').data;
    const metrics = new SplitMetrics({ encoding, head: 'dense-softmax', loss: 'cross-entropy', timeReduction, classWeights });
    for (const { batch, logits } of batches) metrics.add(batch, logits);
    return metrics.result().values;
  };

  it.each(['mean', 'sum'] as const)('class weights weigh the loss (%s over time), and nothing else', (timeReduction) => {
    const found = figures(timeReduction, Float32Array.from(weights));
    expect(Math.abs(told[timeReduction] - told.plain)).toBeGreaterThan(0.05);
    expect(found['loss']).toBeCloseTo(told[timeReduction], 10);
    expect(found['log-loss']).toBeCloseTo(told.plain, 10);
    expect(found['perplexity']).toBeCloseTo(told.perplexity, 10);
    const { loss: _, 'log-loss': __, ...others } = found;
    const { loss: ___, ...unweighted } = figures('mean', null);
    expect(others).toEqual(unweighted);
  });

  it('the loss is the log loss where nothing is weighted or summed, and is not told twice', () => {
    const found = figures('mean', null);
    expect(found['loss']).toBeCloseTo(told.plain, 10);
    expect(found['perplexity']).toBeCloseTo(told.perplexity, 10);
    expect(found['log-loss']).toBeUndefined();
  });
});
