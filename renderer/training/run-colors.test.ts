import { expect, it } from 'vitest';
import { runColor } from './run-colors.ts';

it('gives ten runs ten looks, and neighbours another dash', () => {
  const looks = Array.from({ length: 10 }, (_, i) => runColor(i));
  expect(new Set(looks.map((look) => `${look.color} ${look.dashed}`)).size).toBe(10);
  for (let i = 1; i < looks.length; i++) expect(looks[i]?.dashed).not.toBe(looks[i - 1]?.dashed);
});
