import { expect, it } from 'vitest';
import { Random } from '../../random.ts';
import { cellProgram } from '../cell-program.ts';
import { randomCell } from '../random-cell.test-support.ts';
import { type Given, interpret, type Row, randomGiven } from './interpret.test-support.ts';

const hidden = 3;

/** What is moved by a little, and the gradient of the score along it: each number that the step is made from. */
interface Probe {
  readonly name: string;
  readonly gradient: number;
  moved(by: number): Given;
}

function probes(text: string, given: Given): readonly Probe[] {
  const { schedule } = cellProgram(text, hidden);
  const value = interpret(schedule.graph, given);
  const at = (id: number | null | undefined, index: number): number =>
    id === null || id === undefined ? 0 : (value(id)[index] ?? Number.NaN);
  const shift = (row: Row, index: number, by: number): Row => row.map((v, i) => (i === index ? v + by : v));
  const { gradients } = schedule;
  return [
    ...given.input.map((_, i) => ({
      name: `x[${i}]`,
      gradient: at(gradients.input, i),
      moved: (by: number): Given => ({ ...given, input: shift(given.input, i, by) }),
    })),
    ...given.states.flatMap((row, s) =>
      row.map((_, i) => ({
        name: `state ${s}[${i}]`,
        gradient: at(gradients.states[s], i),
        moved: (by: number): Given => ({
          ...given,
          states: given.states.map((other, k) => (k === s ? shift(other, i, by) : other)),
        }),
      })),
    ),
    ...[...given.vectors].flatMap(([name, row]) =>
      row.map((_, i) => ({
        name: `${name}[${i}]`,
        gradient: at(gradients.parameters.get(name), i),
        moved: (by: number): Given => ({ ...given, vectors: new Map(given.vectors).set(name, shift(row, i, by)) }),
      })),
    ),
    ...[...given.matrices].flatMap(([name, matrix]) =>
      matrix.flatMap((row, r) =>
        row.map((_, c) => ({
          name: `${name}[${r}][${c}]`,
          gradient: at(gradients.parameters.get(name), r * row.length + c),
          moved: (by: number): Given => ({
            ...given,
            matrices: new Map(given.matrices).set(
              name,
              matrix.map((other, k) => (k === r ? shift(other, c, by) : other)),
            ),
          }),
        })),
      ),
    ),
  ];
}

it('gives the gradients that finite differences of the equations give, of random cells', () => {
  const seen = new Set<string>();
  const counts = { checked: 0, kinks: 0 };
  for (let seed = 0; seed < 45; seed++) {
    const text = randomCell(new Random(seed, 'cell'));
    const { schedule } = cellProgram(text, hidden);
    for (let id = 0; id < schedule.graph.size; id++) seen.add(schedule.graph.node(id).op);
    const given = randomGiven(cellProgram(text, hidden), 2, seed);
    const score = (moved: Given): number => {
      const value = interpret(schedule.graph, moved);
      return schedule.next.reduce(
        (sum, id, s) => sum + (given.gradients[s] ?? []).reduce((part, d, i) => part + d * (value(id)[i] ?? Number.NaN), 0),
        0,
      );
    };
    for (const probe of probes(text, given)) {
      const central = (by: number): number => (score(probe.moved(by)) - score(probe.moved(-by))) / (2 * by);
      const [fine, coarse] = [central(1e-5), central(3e-5)];
      // Across a kink of relu, abs, min or max the two differ, and neither is a gradient.
      if (Math.abs(fine - coarse) > 1e-5) {
        counts.kinks++;
        continue;
      }
      counts.checked++;
      expect(Math.abs(probe.gradient - fine), `${text}\n${probe.name}: ${probe.gradient} against ${fine}`).toBeLessThan(
        1e-6 * Math.max(1, Math.abs(fine)),
      );
    }
  }
  expect(counts.checked).toBeGreaterThan(1000);
  expect(counts.kinks).toBeLessThan(counts.checked / 100);
  const slopes = [
    'step',
    'sign',
    'inverseDeviation',
    'sumUnits',
    'meanUnits',
    'backProduct',
    'outer',
    'sumRows',
    'divide',
    'min',
    'max',
  ];
  for (const op of slopes) expect(seen, op).toContain(op);
});
