import { expect, it } from 'vitest';
import { type Arrow, arrowPoints, heldStart } from './arrow.ts';

/** Of W = diag(2, 1, 1/2) with e₁, e₂, e₃ the axes: n products are 2ⁿ, 1, 2⁻ⁿ, which stand here divided by 2ⁿ. */
const arrow: Arrow = {
  turns: false,
  directions: 3,
  products: [0, 1, 2, 3].map((n) => {
    const [second, third] = [2 ** -n, 4 ** -n];
    return {
      across: [1, 0, 0],
      up: [0, second, 0],
      gram: [1, 0, 0, 0, second ** 2, 0, 0, 0, third ** 2],
      scale: n * Math.log(2),
    };
  }),
};

it('goes where each product brings it, by how much it stretched it', () => {
  const points = arrowPoints(arrow, { x: 0.6, y: 0 });
  expect(points).toHaveLength(4);
  expect(points[0]).toEqual({ x: expect.closeTo(0.6, 12), y: 0, stretch: 1 });
  // (0.6, 0, 0.8) → (1.2, 0, 0.4), which is √1.6 long.
  expect(points[1]?.x).toBeCloseTo(1.2 / Math.sqrt(1.6), 12);
  expect(points[1]?.stretch).toBeCloseTo(Math.sqrt(1.6), 12);
  // → (2.4, 0, 0.2)
  expect(points[2]?.x).toBeCloseTo(2.4 / Math.hypot(2.4, 0.2), 12);
  expect(points[2]?.stretch).toBeCloseTo(Math.hypot(2.4, 0.2) / Math.sqrt(1.6), 12);
  const turned = arrowPoints(arrow, { x: 0, y: -1 });
  expect(turned.map(({ y }) => y)).toEqual([-1, -1, -1, -1].map((value) => expect.closeTo(value, 12)));
  expect(turned[3]?.stretch).toBeCloseTo(1, 12);
});

it('starts within its plane, and on the circle where there is nothing outside of it', () => {
  expect(heldStart({ directions: 3 }, { x: 0.3, y: 0.4 })).toEqual({ x: 0.3, y: 0.4 });
  expect(heldStart({ directions: 3 }, { x: 3, y: 4 })).toEqual({ x: 0.6, y: 0.8 });
  expect(heldStart({ directions: 2 }, { x: 0.3, y: 0.4 })).toEqual({ x: 0.6, y: 0.8 });
  expect(heldStart({ directions: 2 }, { x: 0, y: 0 })).toEqual({ x: 1, y: 0 });
});

it('ends where its products are nothing', () => {
  const gone = { ...arrow, products: arrow.products.map((one, n) => (n < 2 ? one : { ...one, gram: one.gram.map(() => 0) })) };
  expect(arrowPoints(gone, { x: 1, y: 0 })).toHaveLength(2);
});
