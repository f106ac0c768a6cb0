import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import { startJavascript } from '../backends/javascript.tf.ts';
import { RunningStates } from './running-states.tf.ts';

beforeAll(async () => {
  await startJavascript();
});
let before = 0;
beforeEach(() => {
  before = tf.memory().numTensors;
});

/** Two layers of an LSTM: hidden and cell state of each, `[rows, 2]`, whose numbers tell module, layer, part and row. */
const write = (states: RunningStates, module: string, rows: number, first: number): void =>
  tf.tidy(() => {
    const part = (layer: number, index: number): tf.Tensor2D =>
      tf.tensor2d(Array.from({ length: rows }, (_, row) => [first + 100 * layer + 10 * index + row, 0.5]));
    states.write(module, [
      [part(0, 0), part(0, 1)],
      [part(1, 0), part(1, 1)],
    ]);
  });

/** First number of each row, by layer and part. */
const read = (states: RunningStates, module: string): number[][][] | null => {
  const found: number[][][] = [];
  let held = false;
  tf.tidy(() => {
    const state = states.read(module);
    held = state !== null;
    for (const parts of state ?? [])
      found.push(parts.map((part) => part.arraySync().map(([value = 0, half]) => (half === 0.5 ? value : Number.NaN))));
  });
  return held ? found : null;
};

it('what a batch writes is what the next one reads, and no one before', () => {
  const states = new RunningStates();
  states.begin(2);
  write(states, 'a', 2, 1000);
  write(states, 'b', 2, 2000);
  expect(read(states, 'a')).toBeNull();
  states.advance();
  states.begin(2);
  expect(read(states, 'a')).toEqual([
    [
      [1000, 1001],
      [1010, 1011],
    ],
    [
      [1100, 1101],
      [1110, 1111],
    ],
  ]);
  expect(read(states, 'b')?.[0]?.[0]).toEqual([2000, 2001]);
  // The last of two writes in a batch counts.
  write(states, 'a', 2, 3000);
  write(states, 'a', 2, 4000);
  states.advance();
  expect(read(states, 'a')?.[0]?.[0]).toEqual([4000, 4001]);
  expect(read(states, 'b')).toBeNull();
  write(states, 'a', 2, 5000);
  states.reset();
  expect(read(states, 'a')).toBeNull();
  states.advance();
  expect(read(states, 'a')).toBeNull();
  expect(tf.memory().numTensors).toBe(before);
});

it('leaves out the states of streams that have ended: they are the last rows', () => {
  const states = new RunningStates();
  states.begin(3);
  write(states, 'a', 3, 0);
  states.advance();
  states.begin(2);
  expect(read(states, 'a')).toEqual([
    [
      [0, 1],
      [10, 11],
    ],
    [
      [100, 101],
      [110, 111],
    ],
  ]);
  states.reset();
  expect(tf.memory().numTensors).toBe(before);
});

it('rows can be exchanged, doubled and left out', () => {
  const states = new RunningStates();
  write(states, 'a', 3, 0);
  states.advance();
  states.select([2, 0, 2, 1]);
  states.begin(4);
  expect(read(states, 'a')).toEqual([
    [
      [2, 0, 2, 1],
      [12, 10, 12, 11],
    ],
    [
      [102, 100, 102, 101],
      [112, 110, 112, 111],
    ],
  ]);
  states.reset();
  expect(tf.memory().numTensors).toBe(before);
});

it('go on from a checkpoint, whatever else it holds', async () => {
  const states = new RunningStates();
  write(states, 'a', 2, 0);
  write(states, 'b', 2, 1000);
  states.advance();
  const saved = await states.save();
  expect([...saved.keys()].sort()).toEqual(
    ['a', 'b'].flatMap((module) => ['0.0', '0.1', '1.0', '1.1'].map((part) => `carried.${module}.${part}`)),
  );
  expect(saved.get('carried.b.1.0')).toEqual({ dtype: 'F32', shape: [2, 2], data: Float32Array.of(1100, 0.5, 1101, 0.5) });
  const other = new RunningStates();
  write(other, 'c', 2, 7);
  other.advance();
  const weight = { dtype: 'F32' as const, shape: [1], data: Float32Array.of(1) };
  other.load(new Map([['a.weight', weight], ...[...saved].reverse()]));
  states.begin(2);
  other.begin(2);
  expect(read(other, 'a')).toEqual(read(states, 'a'));
  expect(read(other, 'b')).toEqual(read(states, 'b'));
  expect(read(other, 'c')).toBeNull();
  states.reset();
  other.reset();
  expect(tf.memory().numTensors).toBe(before);
});
