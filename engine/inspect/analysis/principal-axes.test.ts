import { describe, expect, it } from 'vitest';
import { askTorch, torchMissing } from '../../training/torch-expectation.test-support.ts';
import { alignedTo, principalAxes, project } from './principal-axes.ts';
import { blockOf, difference, randomBlock, rowsOf } from './random-step.test-support.ts';

describe('principal axes', () => {
  const missing = torchMissing();
  it.skipIf(missing !== null)('are those of NumPy’s singular value decomposition, with its shares of the variance', () => {
    const states = randomBlock(60, 7, 'states');
    states.data.forEach((value, i) => {
      states.data[i] = value * (1 + (i % 7)) + 3;
    });
    const { axes, explained, mean, scores } = askTorch(
      `
import json, sys, numpy as np
a = np.array(json.load(sys.stdin)); m = a.mean(0); u, s, v = np.linalg.svd(a - m, full_matrices=False)
v = v * np.sign(v[np.arange(len(v)), np.abs(v).argmax(1)])[:, None]
print(json.dumps({'axes': v[:3].ravel().tolist(), 'explained': (s**2 / (s**2).sum())[:3].tolist(), 'mean': m.tolist(), 'scores': ((a - m) @ v[:3].T).ravel().tolist()}))`,
      rowsOf(states),
    ) as Readonly<Record<string, readonly number[]>>;
    const found = principalAxes(states, 3);
    expect(difference(found.axes.data, axes ?? [])).toBeLessThan(1e-12);
    expect(difference(found.explained, explained ?? [])).toBeLessThan(1e-13);
    expect(difference(found.mean, mean ?? [])).toBeLessThan(1e-13);
    expect(difference(project(states, found).data, scores ?? [])).toBeLessThan(1e-11);
  });

  it('are no more than there are units, and explain nothing where nothing differs', () => {
    const found = principalAxes(
      blockOf([
        [1, 2],
        [1, 2],
      ]),
      5,
    );
    expect(found.axes.rows).toBe(2);
    expect(found.explained).toEqual([0, 0]);
    expect([...project(blockOf([[1, 2]]), found).data].map(Math.abs)).toEqual([0, 0]);
  });

  it('keep their order and signs from fit to fit', () => {
    const states = randomBlock(80, 5, 'epoch');
    states.data.forEach((value, i) => {
      states.data[i] = value * (6 - (i % 5));
    });
    const before = principalAxes(states, 3);
    // The same axes, as another fit might give them: turned about, the second and third the other way round.
    const [first = [], second = [], third = []] = rowsOf(before.axes);
    const [a = 0, b = 0, c = 0] = before.explained;
    const later = {
      mean: before.mean,
      axes: blockOf([first.map((v) => -v), third, second.map((v) => -v)]),
      explained: [a, c, b],
    };
    const aligned = alignedTo(before, later);
    expect(difference(aligned.axes.data, before.axes.data)).toBe(0);
    expect(aligned.explained).toEqual([a, b, c]);
    // More axes than before: those that have no partner come last.
    const more = alignedTo({ ...before, axes: blockOf([third]), explained: [c] }, later);
    expect(rowsOf(more.axes)).toEqual([third, first.map((v) => -v), second.map((v) => -v)]);
  });
});
