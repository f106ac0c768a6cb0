import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { initializeParameters } from '../compile/initialize.ts';
import type { PreparedData } from '../data/dataset.ts';
import { dataBinding } from '../document/data-binding.ts';
import { trainingSettings } from '../document/training-settings.ts';
import type { NamedTensor } from '../files/safetensors.ts';
import { collapse } from '../graph/blocks/collapse.ts';
import { unpack } from '../graph/blocks/edit-blocks.ts';
import { managedRuns } from '../manage/managed-runs.test-support.ts';
import type { RunManager } from '../manage/run-manager.ts';
import { UserError } from '../protocol/envelope.ts';
import { Ledger } from './ledger.ts';
import { sessionFacts } from './session-facts.ts';
import { inTermsOf, startingCheckpoint, weightsFor } from './start-from.ts';
import { syntheticTask } from './synthetic-task.test-support.ts';

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'unroll-start-from-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const task = syntheticTask('step-tagging', { device: 'wasm', epochs: 3, batchSize: 16, learningRate: 0.02 });

/** The same sentences with another order of classes, as other data would have. */
function shuffled({ encoding, splits, report }: PreparedData): PreparedData {
  const turn = (split: PreparedData['splits']['train']) => ({
    ...split,
    tagTargets: split.tagTargets?.map((tag) => 1 - tag) ?? null,
  });
  const turned = { ...encoding, classes: (encoding.classes ?? []).toReversed(), fingerprint: 'other' };
  return {
    encoding: turned,
    splits: { train: turn(splits.train), validation: turn(splits.validation), test: turn(splits.test) },
    report,
  };
}

const manage = (data: PreparedData = task.data) => managedRuns(root, async () => data);

const firstLoss = async (manager: RunManager, run: string): Promise<number> =>
  (await manager.folder(run).metrics()).events.find(({ split }) => split === 'train')?.values['loss'] ?? Number.NaN;

describe('a run that starts from another one', () => {
  it('goes on from its weights, with new data in its terms', async () => {
    const { manager, train } = manage();
    const first = await train({ document: task.document });
    const before = await firstLoss(manager, first.id);
    const { manager: other, train: trainOther } = manage(shuffled(task.data));
    const { data } = task.document;
    const cut = data && { ...data, tokenizer: { ...data.tokenizer, maxLength: 3 } };
    const second = await trainOther({ document: { ...task.document, data: cut }, from: first.id, overrides: { epochs: 1 } });
    expect(second.status).toBe('done');
    // Cut into tokens as the model knows them.
    expect((await other.get(second.id)).document.data).toEqual(data);
    expect(await firstLoss(other, second.id)).toBeLessThan(before / 2);
    expect(second.best?.value).toBeGreaterThan(0.9);
    expect((await other.folder(second.id).encoding()).classes).toEqual(task.data.encoding.classes);
    // Without the weights, the same first steps are as bad as before.
    const fresh = await trainOther({ document: task.document, overrides: { epochs: 1 } });
    expect(await firstLoss(other, fresh.id)).toBeGreaterThan(before / 2);
  });

  it('begins with exactly those weights and an optimizer that has seen nothing', async () => {
    const { manager, train } = manage();
    const first = await train({ document: task.document });
    const weights = (await manager.folder(first.id).best())?.weights;
    const summary = await manager.startRun({ document: task.document, from: first.id });
    const checkpoint = await manager.folder(summary.id).checkpoint();
    expect(checkpoint?.state.step).toBe(0);
    for (const [name, tensor] of weights ?? []) expect(checkpoint?.tensors.get(name), name).toEqual(tensor);
    for (const [name, { data }] of checkpoint?.tensors ?? []) {
      if (name.startsWith('optimizer.')) expect(data.every((value) => value === 0)).toBe(true);
    }
    await manager.stop(summary.id);
  });

  it('resumes in the model’s terms after a pause', async () => {
    const { train } = manage();
    const first = await train({ document: task.document });
    const { manager } = manage(shuffled(task.data));
    const { id } = await manager.startRun({ document: task.document, from: first.id });
    const paused = await manager.pause(id);
    expect(paused.status).toBe('paused');
    await manager.resumeRun(id);
    const stopped = await manager.stop(id);
    expect(stopped.validation?.['accuracy']).toBeGreaterThan(0.9);
  });

  it('has the same weights where a part is collapsed since, or a block expanded', async () => {
    const { manager, train } = manage();
    const inside = new Set(task.document.nodes.flatMap(({ id, kind }) => (/cell|recurrent|dropout/.test(kind) ? [id] : [])));
    const block = collapse(task.document, inside, 'Encoder');
    const open = block.ok && unpack(block.document, block.id);
    if (!block.ok || open === false || !open.ok) throw new Error('it is collapsed and expanded');
    const first = await train({ document: task.document, overrides: { epochs: 1 } });
    let last = first;
    for (const document of [block.document, open.document]) {
      const { id } = await manager.startRun({ document, from: last.id });
      const [of, from] = [await manager.folder(id).checkpoint(), await manager.folder(last.id).best()];
      const values = (tensors: ReadonlyMap<string, NamedTensor> | undefined) =>
        [...(tensors ?? [])].flatMap(([name, { data }]) => (name.startsWith('optimizer.') ? [] : [[...data].join()])).sort();
      expect(values(of?.tensors)).toEqual(values(from?.weights));
      expect(of?.state.step).toBe(0);
      await manager.stop(id);
      last = await train({ document, from: last.id, overrides: { epochs: 1, learningRate: 1e-9 } });
      // What it gives is what the model gave.
      expect(last.validation?.['loss']).toBeCloseTo(first.validation?.['loss'] ?? Number.NaN, 5);
    }
    expect(new Set((await manager.folder(last.id).best())?.weights.keys())).toEqual(
      new Set((await manager.folder(first.id).best())?.weights.keys()),
    );
  });

  it('refuses a graph with other weights', async () => {
    const { manager, train } = manage();
    const first = await train({ document: task.document, overrides: { epochs: 1 } });
    const nodes = task.document.nodes.map((node) => (node.kind === 'gru-cell' ? { ...node, params: { hidden: 9 } } : node));
    const failed = manager.startRun({ document: { ...task.document, nodes }, from: first.id });
    await expect(failed).rejects.toThrow(UserError);
    await expect(failed).rejects.toThrow('recurrent.weight_ih_l0 is [27,6] in the graph, [24,6] in the model');
    expect(manager.isTraining).toBe(false);
  });
});

describe('the terms of a model', () => {
  const text = (unit: string, level: string) => {
    const data = dataBinding.parse({
      source: { kind: 'template', name: 'synthetic' },
      task: 'language-model',
      tokenizer: { level },
      targetTokenizer: { maxLength: level.length },
      languageModel: { unit, chunk: unit.length },
    });
    return { ...task.document, data };
  };
  const termsOf = (own: ReturnType<typeof text>, model: ReturnType<typeof text>) =>
    inTermsOf(own, { ...task.data.encoding, binding: model.data }).data;

  it('are its tokenizers; how the text is cut stays the document’s own', () => {
    const own = text('line', 'word');
    expect(termsOf(own, text('running', 'character'))).toEqual({
      ...own.data,
      tokenizer: text('line', 'character').data.tokenizer,
      targetTokenizer: text('line', 'character').data.targetTokenizer,
    });
    expect(inTermsOf({ ...own, data: null }, task.data.encoding).data).toBeNull();
  });

  it.each([
    ['running', 'running-lines', 'running-lines'],
    ['running', 'line', 'running'],
    ['line', 'running-lines', 'line'],
    ['running-lines', 'running', 'running-lines'],
  ])('a text of %s for a model of %s is read as %s', (own, model, unit) => {
    expect(termsOf(text(own, 'word'), text(model, 'word'))?.languageModel).toEqual({ unit, chunk: own.length });
  });
});

it('a graph with a weight more or less than the model is refused', () => {
  const { plan } = task;
  const fewer = { ...plan, modules: plan.modules.filter(({ kind }) => kind !== 'embedding') };
  const weights = initializeParameters(plan, 5);
  expect(weightsFor(plan, { plan, weights })).toEqual(weights);
  expect(() => weightsFor(plan, { plan: fewer, weights })).toThrow('embedding.weight [10,6] is not in the model');
  expect(() => weightsFor(fewer, { plan, weights })).toThrow('embedding.weight of the model is not in the graph');
});

it('a checkpoint before the first step has every slot of every weight, all zero', () => {
  const { plan, data } = task;
  const facts = sessionFacts(data, task.document.training);
  const weights = initializeParameters(plan, 5);
  const of = (optimizer: Record<string, unknown>) =>
    startingCheckpoint(plan, trainingSettings.parse({ seed: 3, optimizer }), facts, weights);
  const { state, tensors } = of({ kind: 'rmsprop', momentum: 0.5 });
  expect(state).toEqual(new Ledger(trainingSettings.parse({ seed: 3 }), facts, null).state);
  const expected = [...weights.keys()].flatMap((name) => [
    name,
    `optimizer.square_avg.${name}`,
    `optimizer.momentum_buffer.${name}`,
  ]);
  expect([...tensors.keys()].sort()).toEqual(expected.sort());
  for (const [name, { shape, data: values }] of weights) {
    expect(tensors.get(name)?.data).toEqual(values);
    expect(tensors.get(`optimizer.square_avg.${name}`)).toEqual({ dtype: 'F32', shape, data: new Float32Array(values.length) });
  }
  expect([...of({ kind: 'particle-swarm' }).tensors.keys()]).toEqual([...weights.keys()]);
  expect([...of({ kind: 'sgd' }).tensors.keys()]).toEqual([...weights.keys()]);
});
