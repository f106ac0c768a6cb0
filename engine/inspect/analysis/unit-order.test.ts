import { expect, it } from 'vitest';
import type { Block } from '../../cells/step/evaluate.ts';
import { randomBlock } from './random-step.test-support.ts';
import { orderBySimilarity } from './unit-order.ts';

const correlation = (values: Block, a: number, b: number): number => {
  const column = (unit: number): number[] =>
    Array.from({ length: values.rows }, (_, r) => values.data[r * values.width + unit] ?? 0);
  const [x, y] = [column(a), column(b)];
  const mean = (v: number[]): number => v.reduce((s, e) => s + e, 0) / v.length;
  const [mx, my] = [mean(x), mean(y)];
  const sum = (f: (i: number) => number): number => x.reduce((s, _, i) => s + f(i), 0);
  const at = (v: number[], i: number): number => v[i] ?? 0;
  return (
    sum((i) => (at(x, i) - mx) * (at(y, i) - my)) / Math.sqrt(sum((i) => (at(x, i) - mx) ** 2) * sum((i) => (at(y, i) - my) ** 2))
  );
};

/** The clusters that average linkage makes, by trying every pair at every merge. */
function clustersByBruteForce(values: Block): readonly string[] {
  let clusters = Array.from({ length: values.width }, (_, i) => [i]);
  const made: string[] = [];
  while (clusters.length > 1) {
    let best: { readonly far: number; readonly pair: readonly [number, number] } = { far: Infinity, pair: [0, 1] };
    for (let i = 0; i < clusters.length; i++) {
      for (let j = i + 1; j < clusters.length; j++) {
        const [a, b] = [clusters[i] ?? [], clusters[j] ?? []];
        const all = a.flatMap((u) => b.map((v) => 1 - correlation(values, u, v)));
        const far = all.reduce((s, e) => s + e, 0) / all.length;
        if (far < best.far) best = { far, pair: [i, j] };
      }
    }
    const [i, j] = best.pair;
    const merged = [...(clusters[i] ?? []), ...(clusters[j] ?? [])];
    made.push([...merged].sort((a, b) => a - b).join());
    clusters = [...clusters.filter((_, k) => k !== i && k !== j), merged];
  }
  return made;
}

it('keeps every cluster of average linkage together', () => {
  for (const stream of ['a', 'b', 'c']) {
    const values = randomBlock(12, 9, stream);
    const order = orderBySimilarity(values);
    expect([...order].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    for (const cluster of clustersByBruteForce(values)) {
      const places = cluster.split(',').map((unit) => order.indexOf(Number(unit)));
      expect(Math.max(...places) - Math.min(...places), `${stream}: ${cluster} in ${order}`).toBe(places.length - 1);
    }
  }
});

it('puts copies of a signal beside each other, its opposite far away, and units that never change last', () => {
  const signal = randomBlock(30, 3, 'signals');
  const at = (row: number, unit: number): number => signal.data[row * 3 + unit] ?? 0;
  const rows = Array.from({ length: 30 }, (_, r) => [
    at(r, 0),
    0.7,
    at(r, 1),
    5 * at(r, 0) + 2,
    -at(r, 0),
    at(r, 1) + 1e-3 * at(r, 2),
    Number.NaN,
  ]);
  const values: Block = { rows: 30, width: 7, data: Float64Array.from(rows.flat()) };
  const order = orderBySimilarity(values);
  expect(order.slice(-2)).toEqual([1, 6]);
  expect(Math.abs(order.indexOf(0) - order.indexOf(3))).toBe(1);
  expect(Math.abs(order.indexOf(2) - order.indexOf(5))).toBe(1);
  expect(Math.abs(order.indexOf(0) - order.indexOf(4))).toBeGreaterThan(1);
});

it('turns clusters so that the ends that touch are alike', () => {
  // Four points on a circle, in a mixed-up order: neighbours in the order are neighbours on the circle.
  const angles = [0, 2.1, 0.7, 1.4];
  const values: Block = {
    rows: 2000,
    width: 4,
    data: Float64Array.from({ length: 8000 }, (_, i) =>
      Math.cos((2 * Math.PI * Math.floor(i / 4)) / 2000 - (angles[i % 4] ?? 0)),
    ),
  };
  const order = orderBySimilarity(values).map((unit) => angles[unit] ?? 0);
  expect(order[0] === 0 ? order : [...order].reverse()).toEqual([0, 0.7, 1.4, 2.1]);
});

it('has nothing to order of no units, and one of one', () => {
  expect(orderBySimilarity({ rows: 3, width: 0, data: new Float64Array() })).toEqual([]);
  expect(orderBySimilarity(randomBlock(3, 1, 'one'))).toEqual([0]);
});
