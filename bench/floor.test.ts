import { describe, expect, test } from 'vitest';
import { floorMs, flopPerToken } from './floor.ts';

const layer = { kind: 'train', directions: 1, layers: 1, embedding: 64, hidden: 128 } as const;

describe('operations per token', () => {
  test.each([
    ['lstm', 24],
    ['gru', 18],
    ['rnn', 6],
  ] as const)('training one layer of %s takes %i·H·(H + E)', (cell, factor) => {
    expect(flopPerToken({ ...layer, cell })).toBe(factor * 128 * (128 + 64));
  });

  test('a forward pass is a third of it', () => {
    expect(flopPerToken({ ...layer, cell: 'lstm', kind: 'inference' })).toBe(8 * 128 * (128 + 64));
  });

  test('both directions are twice it, and the layer above reads both', () => {
    const second = 24 * 128 * (128 + 256);
    expect(flopPerToken({ ...layer, cell: 'lstm', directions: 2, layers: 2 })).toBe(2 * (24 * 128 * 192 + second));
  });
});

test('the rows that were computed by hand: at 200 GFLOP/s, in ms', () => {
  const floor = (cell: 'rnn' | 'gru' | 'lstm', embedding: number, hidden: number, rows: number): number =>
    floorMs({ ...layer, cell, embedding, hidden }, rows * 80, 200);
  expect(floor('rnn', 64, 128, 64)).toBeCloseTo(3.8, 1);
  expect(floor('gru', 64, 128, 64)).toBeCloseTo(11.3, 1);
  expect(floor('lstm', 64, 128, 64)).toBeCloseTo(15.1, 1);
  expect(floor('lstm', 128, 256, 64)).toBeCloseTo(60.4, 1);
  expect(floor('lstm', 256, 512, 32)).toBeCloseTo(120.8, 1);
});
