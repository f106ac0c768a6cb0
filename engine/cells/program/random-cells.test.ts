import { it } from 'vitest';
import { Random } from '../../random.ts';
import { randomCell } from '../random-cell.test-support.ts';
import { compareWithStep } from './run.test-support.ts';

it('register programs give the numbers of the steps of random cells', () => {
  for (let seed = 0; seed < 300; seed++) compareWithStep(randomCell(new Random(seed, 'program')), [5, 3], seed);
});
