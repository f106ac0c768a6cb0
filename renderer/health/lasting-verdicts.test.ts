import { describe, expect, it } from 'vitest';
import { emptyDocument } from '../../engine/document/schema.ts';
import type { RecurrenceHealth, RunHealth } from '../../engine/protocol/health.ts';
import { lastingVerdicts } from './lasting-verdicts.ts';

const recurrence = (kept: number | null, more: Partial<RecurrenceHealth> = {}): RecurrenceHealth => ({
  node: 'rnn',
  layer: 0,
  direction: 'forward',
  distances: [0, 20],
  gradients: [],
  kept,
  steps: 20,
  squashed: [],
  dead: 0,
  units: 8,
  ...more,
});
const run = (step: number, ...recurrences: RecurrenceHealth[]): RunHealth => ({ step, modules: [], recurrences });
/** Of one recurrence, whether it is said to vanish after each letter: `i` ill, `w` well. */
const told = (letters: string): string =>
  [...letters]
    .map((_, at) => {
      const measured = [...letters.slice(0, at + 1)].map((letter, step) => run(step, recurrence(letter === 'i' ? 1e-6 : 0.5)));
      return lastingVerdicts(emptyDocument(), measured).length === 0 ? 'w' : 'i';
    })
    .join('');

describe('what is said of a recurrence', () => {
  it('begins and ends only where two measurements in a row agree', () => {
    expect(told('iwiwiwwwiwii')).toBe('wwwwwwwwwwwi');
    expect(told('iiwiwwi')).toBe('wiiiiww');
    expect(lastingVerdicts(emptyDocument(), [])).toEqual([]);
  });

  it('has the newest figures that say so', () => {
    const measured = [recurrence(1e-6), recurrence(3e-6), recurrence(0.5)].map((one, step) => run(step, one));
    expect(lastingVerdicts(emptyDocument(), measured).map(({ message }) => message)).toEqual([
      expect.stringContaining('0.0003 %'),
    ]);
  });

  it('is told apart by layer, direction and kind, the gravest first', () => {
    const ill = { ...recurrence(1e-6, { dead: 8 }), layer: 1, direction: 'backward' as const };
    const measured = [run(1, recurrence(0.5), ill), run(2, recurrence(0.5), ill)];
    expect(lastingVerdicts(emptyDocument(), measured).map(({ kind, layer, direction }) => [kind, layer, direction])).toEqual([
      ['vanishes', 1, 'backward'],
      ['dead', 1, 'backward'],
    ]);
  });
});
