import { expect, it } from 'vitest';
import { type Complex, eigenvalueTrails } from './eigenvalue-trails.ts';

it('joins each eigenvalue to the nearest of the moment before, whatever their order', () => {
  const moments = [0, 1, 2, 3].map((step) => {
    const all: Complex[] = [
      [0.9 + 0.01 * step, 0],
      [0.1, 0.5 - 0.02 * step],
      [0.1, -0.5 + 0.02 * step],
    ];
    return { step, eigenvalues: step % 2 === 0 ? all : all.reverse() };
  });
  const trails = eigenvalueTrails(moments);
  expect(trails.map((way) => way.map(([re]) => re))).toEqual([
    [0.1, 0.1, 0.1, 0.1],
    [0.1, 0.1, 0.1, 0.1],
    [0.9, 0.91, 0.92, 0.93],
  ]);
  for (const way of trails) expect(new Set(way.map(([, im]) => Math.sign(im))).size).toBe(1);
});

it('gives none to two: the closest pair comes first, the other takes what is left', () => {
  const trails = eigenvalueTrails([
    {
      step: 0,
      eigenvalues: [
        [0, 0],
        [1, 0],
      ],
    },
    {
      step: 1,
      eigenvalues: [
        [0.9, 0],
        [0.95, 0],
      ],
    },
  ]);
  expect(trails).toEqual([
    [
      [0, 0],
      [0.9, 0],
    ],
    [
      [1, 0],
      [0.95, 0],
    ],
  ]);
  expect(eigenvalueTrails([])).toEqual([]);
  expect(
    eigenvalueTrails([
      { step: 0, eigenvalues: [[1, 0]] },
      {
        step: 1,
        eigenvalues: [
          [1, 0],
          [2, 0],
        ],
      },
    ]),
  ).toHaveLength(2);
});
