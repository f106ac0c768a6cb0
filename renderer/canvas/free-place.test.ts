import { expect, it } from 'vitest';
import { freePlace } from './free-place.ts';

const card = { width: 178, height: 62 };

it('is the wanted place where that is free', () => {
  expect(freePlace({ x: 5, y: 7, ...card }, [{ x: 300, y: 0, ...card }])).toEqual({ x: 5, y: 7 });
});

it('is the nearest free one beside what lies there', () => {
  // 62 + 11 px down would do; the places that are tried are 22 px apart.
  expect(freePlace({ x: 0, y: 0, ...card }, [{ x: 0, y: 0, ...card }])).toEqual({ x: 0, y: 88 });
  // Below is taken too, above is as near.
  const both = [
    { x: 0, y: 0, ...card },
    { x: 0, y: 80, ...card },
  ];
  expect(freePlace({ x: 0, y: 0, ...card }, both)).toEqual({ x: 0, y: -88 });
});

it('finds the edge of a canvas that is covered', () => {
  const wall = { x: -1000, y: -1000, width: 2000, height: 2000 };
  const { x, y } = freePlace({ x: 0, y: 0, ...card }, [wall]);
  expect(Math.max(x, y, -x - card.width, -y - card.height)).toBeGreaterThanOrEqual(1011);
});
