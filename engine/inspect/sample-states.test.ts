import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { startJavascript } from '../backends/javascript.tf.ts';
import { compilePlan } from '../compile/compile-plan.ts';
import { initializeParameters } from '../compile/initialize.ts';
import { Model } from '../compile/materialize.tf.ts';
import { atOnce } from '../event-loop.ts';
import { reversalTask } from '../training/reversal-task.test-support.ts';
import { type SyntheticTask, syntheticTask } from '../training/synthetic-task.test-support.ts';
import { exampleOfSplit } from './example.ts';
import { lossesOf } from './losses.ts';
import { sampleStates } from './sample-states.ts';
import type { StateSample } from './state-sample.ts';
import type { Subject } from './subject.ts';
import { cellsOfTasks, withGraph } from './tasks.test-support.ts';
import { type KeptTrace, traceExample } from './trace.tf.ts';
import { unitFigures } from './unit-figures.ts';

beforeAll(async () => {
  await startJavascript();
});

function subjectOf({ plan, data, document }: SyntheticTask): Subject {
  const model = new Model(plan, initializeParameters(plan, 3));
  return { run: 'r', weights: 'best', step: 7, model, encoding: data.encoding, training: document.training };
}

/** Says what comes next. */
function languageModel(): SyntheticTask {
  const task = syntheticTask('step-tagging', {}, 20);
  const { encoding, splits } = task.data;
  const { test } = splits;
  const next = Int32Array.from(test.tokens ?? [], (_, at) => test.tokens?.[at + 1] ?? 0);
  const binding = { ...encoding.binding, task: 'language-model' as const };
  const facts = { ...encoding.facts, classes: encoding.facts.vocabulary };
  const document = { ...task.document, data: binding };
  const compiled = compilePlan(document, facts);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems));
  const data = {
    ...task.data,
    encoding: { ...encoding, binding, facts, classes: encoding.vocabulary },
    splits: { ...splits, test: { ...test, tagTargets: next, running: true } },
  };
  return { document, plan: compiled.plan, data };
}

/** Reads examples together, and each of them by itself. */
async function readTwice(task: SyntheticTask, at: number, line: string, examples = 17) {
  const subject = subjectOf(task);
  const encoded = task.data.splits.test;
  const first = await traceExample(subject, exampleOfSplit(subject.encoding, encoded, 0));
  const { node, described } = first.recurrences.at(at) ?? {};
  if (node === undefined || described === undefined) throw new Error('nothing recurs');
  const place = { node, layer: described.layer, direction: described.direction, line };
  const before = tf.memory().numTensors;
  const sample = await sampleStates(subject, { split: 'test', encoded, examples, place });
  expect(tf.memory().numTensors, 'leaves no tensor behind').toBe(before);
  const singles: KeptTrace[] = [];
  for (const { example } of sample.sequences)
    singles.push(await traceExample(subject, exampleOfSplit(subject.encoding, encoded, example)));
  subject.model.dispose();
  return { sample, singles, at, line };
}

const stepsOf = ({ sequences, values, units }: StateSample, place: number): readonly [number, number] => [
  sequences[place]?.start ?? 0,
  sequences[place + 1]?.start ?? values.length / units,
];

function expectEqual({ sample, singles, at, line }: Awaited<ReturnType<typeof readTwice>>): void {
  expect(new Set(singles.map(({ example }) => example.batch.steps)).size, 'lengths differ').toBeGreaterThan(2);
  let most = 0;
  singles.forEach(({ recurrences }, place) => {
    const own = recurrences.at(at)?.values.get(line);
    const [from, to] = stepsOf(sample, place);
    expect([to - from, sample.units]).toEqual(own?.shape);
    own?.data.forEach((value, i) => {
      most = Math.max(most, Math.abs(value - (sample.values[from * sample.units + i] ?? Number.NaN)));
    });
    expect(sample.sequences[place]?.words).toEqual(recurrences.at(at)?.described.steps.map(({ token }) => token));
  });
  expect(most).toBeLessThan(1e-5);
}

describe('what is read of many sequences together is what each gives by itself', () => {
  for (const [task, at, line] of [
    ['sequence-classification', 0, "h'"],
    ['step-tagging', -1, "h'"],
    ['sequence-regression', 1, 'last state'],
  ] as const)
    it.each(cellsOfTasks)(`for a ${task} by $title`, async (cell) => {
      const name = line === 'last state' && cell.kind === 'lstm-cell' ? "c'" : "h'";
      expectEqual(await readTwice(withGraph(syntheticTask(task, {}, 20), cell, { layers: 2 }), at, name));
    });

  it.each(['forward', 'backward'] as const)('%s in both directions of a bidirectional layer', async (direction) => {
    const task = syntheticTask('step-tagging', {}, 20);
    const nodes = task.document.nodes.map((node) =>
      node.kind === 'recurrent' ? { ...node, kind: 'bidirectional', params: { output: 'every-step' } } : node,
    );
    const document = { ...task.document, nodes } as typeof task.document;
    const compiled = compilePlan(document, task.data.encoding.facts);
    if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems));
    const read = await readTwice({ ...task, document, plan: compiled.plan }, direction === 'forward' ? 0 : 1, "h'");
    expect(read.sample.place.direction).toBe(direction);
    expectEqual(read);
  });

  it.each(['recurrent', 'pyramid'] as const)(
    'of an encoder (%s) and of its decoder, with what each token surprises',
    async (encoder) => {
      const task = reversalTask({ hidden: 6, examples: 9, layers: encoder === 'recurrent' ? 2 : 1, encoder });
      expectEqual(await readTwice(task, 0, "h'"));
      const read = await readTwice(task, -1, "h'");
      expectEqual(read);
      const { sample, singles } = read;
      singles.forEach((trace, place) => {
        const { losses } = lossesOf(trace.subject, trace.example, trace.logits.data);
        const [from, to] = stepsOf(sample, place);
        const surprises = [...(sample.surprise ?? []).slice(from, to)];
        expect(surprises[0]).toBeNaN();
        for (const [u, value] of surprises.slice(1).entries()) expect(value).toBeCloseTo(losses?.[u] ?? Number.NaN, 4);
        expect([...(sample.labels ?? []).slice(from, to)]).toEqual([...(trace.example.batch.tagTargets ?? [])]);
      });
    },
  );

  it('of a language model, whose token is as surprising as the step before made it', async () => {
    const read = await readTwice(languageModel(), 0, 'z', 12);
    expectEqual(read);
    const { sample, singles } = read;
    expect(
      sample.sequences.map(({ example }) => example),
      'a running text from its beginning',
    ).toEqual([...Array(12).keys()]);
    expect(sample.labelKind).toBe('next');
    singles.forEach((trace, place) => {
      const { losses } = lossesOf(trace.subject, trace.example, trace.logits.data);
      const [from, to] = stepsOf(sample, place);
      const surprises = [...(sample.surprise ?? []).slice(from, to)];
      expect(surprises[0]).toBeNaN();
      for (const [t, value] of surprises.slice(1).entries()) expect(value).toBeCloseTo(losses?.[t] ?? Number.NaN, 4);
    });
  });

  it('of a tagger, whose tags surprise where they stand', async () => {
    const { sample, singles } = await readTwice(syntheticTask('step-tagging', {}, 20), 0, "h'");
    singles.forEach((trace, place) => {
      const { losses } = lossesOf(trace.subject, trace.example, trace.logits.data);
      const [from, to] = stepsOf(sample, place);
      for (const [t, value] of [...(sample.surprise ?? []).slice(from, to)].entries())
        expect(value).toBeCloseTo(losses?.[t] ?? Number.NaN, 4);
    });
  });
});

describe('a sample', () => {
  it('is spread over the split, ends when it is cancelled, and tells how far it is', async () => {
    const task = syntheticTask('sequence-classification', {}, 20);
    const subject = subjectOf(task);
    const place = { node: 'rnn', layer: 0, direction: 'forward' as const, line: "h'" };
    const encoded = task.data.splits.test;
    const told: (readonly [number, number])[] = [];
    const whole = await sampleStates(subject, {
      split: 'test',
      encoded,
      examples: 20,
      place,
      onProgress: (done, of) => told.push([done, of]),
    });
    expect(whole.sequences.map(({ example }) => example)).toEqual(Array.from({ length: 20 }, (_, i) => 3 * i));
    expect(told.at(-1)).toEqual([20, 20]);
    expect(told.length).toBeGreaterThan(1);
    const controller = new AbortController();
    const part = await sampleStates(subject, {
      split: 'test',
      encoded,
      examples: 60,
      place,
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    expect(part.ended).toBe('cancelled');
    expect(part.sequences.length).toBeGreaterThan(0);
    expect(part.sequences.length).toBeLessThan(60);
    const wrong = sampleStates(subject, { split: 'test', encoded, examples: 3, place: { ...place, line: 'q' } });
    await expect(wrong).rejects.toMatchObject({ failure: { code: 'not-traced' } });
    const empty = sampleStates(subject, { split: 'test', encoded: { ...encoded, count: 0 }, examples: 3, place });
    await expect(empty).rejects.toMatchObject({ failure: { code: 'empty-split' } });
    // What the cell reads on average, and where its state was.
    expect(whole.meanInput).toHaveLength(6);
    expect(whole.starts).toMatchObject({ rows: 20, width: 8 });
    subject.model.dispose();
  });

  it('tells of each unit its mean, its spread, how often it is at an end, and whether it is dead', () => {
    const values = Float32Array.of(1, 0.5, 0.2, 0.96, 0.5, 0.4, 0.94, 0.5, 0.02, 0.01, 0.5, 0.3);
    const figures = (range: '0..1' | '-1..1' | 'free') => atOnce(unitFigures({ values, units: 3, line: { name: 'f', range } }));
    const of = (range: '0..1' | '-1..1' | 'free') => figures(range).units;
    expect(of('0..1').map(({ saturated }) => saturated)).toEqual([0.75, 0, 0.25]);
    expect(of('-1..1').map(({ saturated }) => saturated)).toEqual([0.75, 0, 0]);
    expect(of('free').map(({ saturated }) => saturated)).toEqual([0, 0, 0]);
    expect(of('free').map(({ dead }) => dead)).toEqual([false, true, false]);
    const [first] = of('free');
    expect(first?.mean).toBeCloseTo((1 + 0.96 + 0.94 + 0.01) / 4, 6);
    const squares = [1, 0.96, 0.94, 0.01].map((value) => (value - 2.91 / 4) ** 2).reduce((a, b) => a + b);
    expect(first?.spread).toBeCloseTo(Math.sqrt(squares / 4), 6);
    expect(figures('free').largest).toBe(1);
  });

  it('gives way while it reads many numbers, and counts each of them', () => {
    const [units, steps] = [3, 300_000];
    const values = Float32Array.from({ length: units * steps }, (_, at) => ((at * 7919) % 1000) / 1000);
    const work = unitFigures({ values, units, line: { name: 'f', range: '0..1' } });
    let turns = 0;
    while (work.next().done !== true) turns++;
    expect(turns).toBe(8);
    const { units: found } = atOnce(unitFigures({ values, units, line: { name: 'f', range: '0..1' } }));
    found.forEach(({ mean, saturated }, unit) => {
      const own = values.filter((_, at) => at % units === unit);
      expect(mean).toBeCloseTo(own.reduce((a, b) => a + b, 0) / steps, 6);
      expect(saturated).toBeCloseTo(own.filter((value) => value < 0.05 || value > 0.95).length / steps, 12);
    });
  });
});
