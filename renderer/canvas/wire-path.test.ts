import { Position } from '@xyflow/react';
import { expect, it } from 'vitest';
import { wirePath } from './wire-path.ts';

const { Left, Right } = Position;
const levels = (path: string): readonly number[] => [...path.matchAll(/[ ,](-?[\d.]+)(?=[LQMC]|$| )/g)].map(([, y]) => Number(y));

it('runs back half-way between two rows, where its label stands', () => {
  const [path, x, y] = wirePath({ x: 1000, y: 0 }, Right, { x: 0, y: 300 }, Left);
  expect([x, y]).toEqual([500, 150]);
  expect(levels(path)).toContain(150);
});

it('is one curve where it leads on, and where it leads back a little', () => {
  for (const x of [1200, 980]) expect(wirePath({ x: 1000, y: 0 }, Right, { x, y: 300 }, Left)[0]).toMatch(/^M[^C]+C[^C]+$/);
});
