import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { startJavascript } from '../backends/javascript.tf.ts';
import { initializeParameters } from '../compile/initialize.ts';
import { Model } from '../compile/materialize.tf.ts';
import { makeBatch } from '../data/batches.ts';
import { Random } from '../random.ts';
import { reversalTask } from '../training/reversal-task.test-support.ts';
import { decodeExamples } from './decode-examples.tf.ts';
import { greedy } from './greedy.ts';
import { ModelTokens } from './model-tokens.tf.ts';

beforeAll(async () => {
  await startJavascript();
});

const task = reversalTask({ hidden: 5, examples: 30, attention: 'none', longest: 5 });
const { encoding, splits } = task.data;
const split = splits.train;
const stepsOf = (example: number): number => (split.offsets[example + 1] ?? 0) - (split.offsets[example] ?? 0);
const examples = [29, 3, 11, 4, 18, 7, 25];

/** Weights far from zero: each example is answered otherwise. */
function modelOf(): Model {
  const parameters = initializeParameters(task.plan, 4);
  for (const [name, { data }] of parameters) {
    const random = new Random(4, name);
    for (let i = 0; i < data.length; i++) data[i] = random.normal() * 1.5;
  }
  return new Model(task.plan, parameters);
}

it('says of each example what is said of it alone, up to twice the longest training target', async () => {
  const model = modelOf();
  const before = tf.memory().numTensors;
  const found = await decodeExamples(model, examples, { encoding, split, batchSize: 3 });
  expect(tf.memory().numTensors).toBe(before);
  expect([...(found?.keys() ?? [])].sort((a, b) => a - b)).toEqual([...examples].sort((a, b) => a - b));
  const texts = new Set<string>();
  for (const example of examples) {
    const source = new ModelTokens(model, makeBatch(split, Uint32Array.of(example), null));
    // Five letters and <eos>, twice.
    const [alone] = await greedy(source, 12);
    source.dispose();
    expect(found?.get(example)?.tokens).toEqual(alone?.tokens);
    expect(found?.get(example)?.logProbability).toBeCloseTo(alone?.logProbability ?? Number.NaN, 4);
    texts.add(String(alone?.tokens));
  }
  expect(texts.size).toBeGreaterThan(2);
  model.dispose();
});

it('takes batches of about equal length, and asks before each whether to go on', async () => {
  const model = modelOf();
  const batches: number[][] = [];
  const values = model.values.bind(model);
  model.values = (input, mode, wanted, given) => {
    // The encoder alone, before anything is said.
    if (given === undefined) batches.push([...input.rowLengths]);
    return values(input, mode, wanted, given);
  };
  let asked = 0;
  const options = { encoding, split, batchSize: 3, cancelled: () => ++asked > 3 };
  expect((await decodeExamples(model, examples, options))?.size).toBe(examples.length);
  expect(batches.map(({ length }) => length)).toEqual([3, 3, 1]);
  expect(batches.flat()).toEqual(examples.map(stepsOf).sort((a, b) => a - b));
  expect(asked).toBe(3);
  asked = 2;
  expect(await decodeExamples(model, examples, options)).toBeNull();
  expect(batches).toHaveLength(4);
  asked = 0;
  // Two full batches, and no empty one.
  await decodeExamples(model, examples.slice(0, 6), options);
  expect(asked).toBe(2);
  model.dispose();
});

it('leaves nothing behind when the model fails', async () => {
  const model = modelOf();
  const before = tf.memory().numTensors;
  const values = model.values.bind(model);
  model.values = (input, mode, wanted, given) => {
    if (given !== undefined) throw new Error('no memory');
    return values(input, mode, wanted, given);
  };
  await expect(decodeExamples(model, examples, { encoding, split, batchSize: 3 })).rejects.toThrow('no memory');
  expect(tf.memory().numTensors).toBe(before);
  model.dispose();
});
