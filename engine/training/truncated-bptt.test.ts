import '../backends/gradients.tf.ts';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { compilePlan } from '../compile/compile-plan.ts';
import { initializeParameters } from '../compile/initialize.ts';
import { Model, toTensors } from '../compile/materialize.tf.ts';
import type { Plan } from '../compile/plan.ts';
import { RunningStates } from '../compile/running-states.tf.ts';
import { makeBatch } from '../data/batches.ts';
import type { Batch, DataEncoding, EncodedSplit, PreparedData } from '../data/dataset.ts';
import { streamBatches } from '../data/streams.ts';
import { dataBinding } from '../document/data-binding.ts';
import { node, wire } from '../document/fixtures/graph-literals.ts';
import { emptyDocument } from '../document/schema.ts';
import { type TrainingSettings, trainingSettings } from '../document/training-settings.ts';
import type { CarriedStates } from '../layers/builder.tf.ts';
import { Random } from '../random.ts';
import type { Checkpoint } from '../runs/checkpoint.ts';
import { batchLoss } from './losses.tf.ts';
import { MemorySink } from './memory-sink.test-support.ts';
import { TrainingSession } from './session.tf.ts';

beforeAll(() => tf.setBackend('cpu'));

const size = 9;
const names = ['<pad>', '<unk>', '<bos>', '<eos>', 'a', 'b', 'c', 'd', 'e'];

function planOf(cell: string, settings: TrainingSettings): { plan: Plan; document: ReturnType<typeof emptyDocument> } {
  const document = {
    ...emptyDocument('text'),
    nodes: [
      node('in', 'token-input'),
      node('embed', 'embedding', { width: 5 }),
      node('cell', cell, { hidden: 6 }),
      node('rnn', 'recurrent'),
      node('head', 'dense-softmax'),
    ],
    edges: [
      wire('in.tokens > embed.tokens'),
      wire('embed.sequence > rnn.sequence'),
      wire('cell.cell > rnn.cell'),
      wire('rnn.output > head.input'),
    ],
    data: dataBinding.parse({ source: { kind: 'template', name: 'text' }, task: 'language-model' }),
    training: settings,
  };
  const compiled = compilePlan(document, { vocabulary: size, classes: size, features: null, targets: null });
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems));
  return { plan: compiled.plan, document };
}

/** A running text in which the next token follows from the one three before it. */
function runningText(steps: number, chunk: number): EncodedSplit {
  const random = new Random(5, 'text');
  const tokens = new Int32Array(steps + 1);
  for (let t = 0; t <= steps; t++) tokens[t] = t < 3 ? 4 + random.below(5) : 4 + (((tokens[t - 3] ?? 0) - 3) % 5);
  const count = Math.ceil(steps / chunk);
  return {
    count,
    offsets: Uint32Array.from({ length: count + 1 }, (_, i) => Math.min(i * chunk, steps)),
    running: true,
    tokens: tokens.slice(0, steps),
    series: null,
    classTargets: null,
    tagTargets: tokens.slice(1),
    numberTargets: null,
    lines: Uint32Array.from({ length: count }, (_, i) => i + 1),
  };
}

const defaults = trainingSettings.parse({});

function gradients(model: Model, batch: Batch, carried: CarriedStates | undefined): number[][] {
  return tf.tidy(() => {
    const { grads } = tf.variableGrads(() => {
      const logits = model.forward(toTensors(batch), { dropout: null, carried });
      return batchLoss('cross-entropy', logits, batch, 'sum', null);
    });
    return [...model.variables.values()].map((variable) => [...(grads[variable.name]?.dataSync() ?? [])]);
  });
}

describe.each(['rnn-cell', 'gru-cell', 'lstm-cell'])('truncated back-propagation with a %s', (cell) => {
  const { plan } = planOf(cell, defaults);

  it('is the whole back-propagation when a chunk covers the text', () => {
    const model = new Model(plan, initializeParameters(plan, 3));
    const batch = makeBatch(runningText(20, 20), Uint32Array.of(0), null);
    const states = new RunningStates();
    states.begin(1);
    const carried = gradients(model, batch, states);
    states.advance();
    states.reset();
    expect(carried).toEqual(gradients(model, batch, undefined));
    model.dispose();
  });

  it('goes on with the state of the chunk before: the values are those of one pass, the gradients are not', () => {
    const model = new Model(plan, initializeParameters(plan, 3));
    const forward = (split: EncodedSplit, index: number, carried?: CarriedStates): number[] =>
      tf.tidy(() => {
        const batch = makeBatch(split, Uint32Array.of(index), null);
        return [...model.forward(toTensors(batch), { dropout: null, carried }).dataSync()];
      });
    const whole = forward(runningText(20, 20), 0);
    const states = new RunningStates();
    const parts = [0, 1].flatMap((chunk) => {
      states.begin(1);
      const logits = forward(runningText(20, 10), chunk, states);
      states.advance();
      return logits;
    });
    states.reset();
    parts.forEach((value, i) => {
      expect(value).toBeCloseTo(whole[i] ?? Number.NaN, 5);
    });
    const fresh = forward(runningText(20, 10), 1);
    expect(Math.max(...fresh.map((value, i) => Math.abs(value - (whole[10 * size + i] ?? 0))))).toBeGreaterThan(1e-4);
    model.dispose();
  });
});

function preparedText(): PreparedData {
  const facts = { vocabulary: size, classes: size, features: null, targets: null };
  const binding = dataBinding.parse({ source: { kind: 'template', name: 'text' }, task: 'language-model' });
  const encoding: DataEncoding = {
    binding,
    facts,
    fingerprint: 'text',
    vocabulary: names,
    classes: names,
    inputNormalization: null,
    targetNormalization: null,
  };
  const splits = { train: runningText(600, 5), validation: runningText(90, 5), test: runningText(90, 5) };
  return { encoding, splits, report: {} as PreparedData['report'] };
}

describe('training on a running text', () => {
  const settings = trainingSettings.parse({ epochs: 12, batchSize: 4, learningRate: 0.02, checkpointEverySteps: 7 });
  const { plan } = planOf('gru-cell', settings);

  async function train(resume?: Checkpoint, stopAt?: number, own = settings): Promise<MemorySink> {
    const sink = new MemorySink();
    const session = new TrainingSession({
      plan,
      data: preparedText(),
      settings: own,
      sink,
      ...(resume ? { resume: { checkpoint: resume, best: null } } : {}),
    });
    if (stopAt !== undefined) {
      const progress = sink.progress.bind(sink);
      sink.progress = (event) => {
        progress(event);
        if (event.step >= stopAt) session.pause();
      };
    }
    await session.run();
    session.dispose();
    return sink;
  }

  it('beats token frequencies by far, and leaves no tensor behind', async () => {
    const before = tf.memory().numTensors;
    const sink = await train();
    const last = sink.evaluations.at(-1);
    expect(last?.values['perplexity']).toBeLessThan(1.5);
    expect(last?.baseline['perplexity']).toBeGreaterThan(4);
    expect(last?.confusion).toBeNull();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('begins every epoch at the beginning of the text, with no state', async () => {
    // Nothing moves: an epoch is as the one before.
    const still = trainingSettings.parse({ epochs: 2, batchSize: 4, learningRate: 1e-9, optimizer: { kind: 'sgd' } });
    const lines = (await train(undefined, undefined, still)).events.filter(({ split }) => split === 'train');
    const losses = lines.map(({ values }) => values['loss'] ?? Number.NaN);
    expect(losses.length).toBeGreaterThan(4);
    const half = losses.length / 2;
    losses.slice(0, half).forEach((loss, i) => {
      expect(losses[half + i]).toBeCloseTo(loss, 5);
    });
  });

  it('resumes in the middle of the text exactly', async () => {
    const whole = (await train()).checkpoints.at(-1);
    const paused = (await train(undefined, 37)).checkpoints.at(-1);
    if (!whole || !paused) throw new Error('no checkpoint');
    expect(paused.state.batch).toBeGreaterThan(0);
    expect([...paused.tensors.keys()].some((name) => name.startsWith('carried.'))).toBe(true);
    const resumed = (await train(paused)).checkpoints.at(-1);
    for (const [name, tensor] of whole.tensors) expect(resumed?.tensors.get(name)?.data, name).toEqual(tensor.data);
  });
});

it('streams every chunk once', () => {
  const split = runningText(101, 4);
  const seen = streamBatches(split, 5).flatMap((batch) => [...batch]);
  expect(seen.sort((a, b) => a - b)).toEqual(Array.from({ length: split.count }, (_, i) => i));
});
