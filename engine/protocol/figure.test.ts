import { expect, it } from 'vitest';
import { z } from 'zod';
import { figure, figuresToJson } from './figure.ts';

it('says every number in JSON, and reads it back as it was', () => {
  const numbers = [0, -1.5, 1e-320, Number.MAX_VALUE, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const text = figuresToJson({ numbers, name: 'NaN', none: null });
  expect(text).toBe('{"numbers":[0,-1.5,1e-320,1.7976931348623157e+308,"NaN","Infinity","-Infinity"],"name":"NaN","none":null}');
  expect(z.array(figure).parse(JSON.parse(text).numbers)).toEqual(numbers);
});

it('reads what older versions wrote instead of a number as not a number, and nothing else', () => {
  expect(figure.parse(null)).toBeNaN();
  expect(figure.nullable().parse(null)).toBeNull();
  for (const wrong of ['1', '', 'nan', true, {}, [], undefined]) expect(figure.safeParse(wrong).success).toBe(false);
});
