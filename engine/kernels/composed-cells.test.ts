import { expect, it } from 'vitest';
import { cellProgram } from '../cells/cell-program.ts';
import { excess } from '../cells/program/limits.ts';
import { takeComposed, tellComposed } from './composed-cells.ts';

it('tells once of a cell that is composed in each of its steps, with its limit and what helps', () => {
  const program = cellProgram("c' = 0.5 * c + W x\nh' = tanh(c' + U h)", 7);
  const beyond = excess('numbers of one array of a batch', 50_000_000, 33_554_432, 'batch');
  if (beyond === null) throw new Error('the limit does not hold');
  for (let step = 0; step < 3; step++) tellComposed(program, beyond);
  const [note, ...others] = takeComposed();
  expect(others).toEqual([]);
  expect(note).toContain('c of 7');
  expect(note).toContain('50,000,000 numbers of one array of a batch, where 33,554,432 are taken');
  expect(note).toContain('lower the batch size, or the longest sequence');
  expect(takeComposed()).toEqual([]);
});
