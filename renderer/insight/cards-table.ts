import type { Trace, TracedNode, TracedStep } from '../../engine/protocol/inspect.ts';
import type { FigureTable } from './figure-tools.tsx';
import { barNames, gateFigure } from './gate-figures.ts';
import { at, type Matrix, matrixOf } from './matrix.ts';
import { stepNames } from './step-names.ts';
import type { FoundRecurrence } from './store.ts';

/** A card of the canvas that a network that is looked into has something on. */
export interface TracedCard {
  readonly title: string;
  /** What runs at a cell's card, whose gates it shows; `null` of other nodes, which show what they give. */
  readonly cell: FoundRecurrence | null;
  readonly node: TracedNode | null;
}

/**
 * What cards and wires show at every step, a row for each number: of a node what it gives, in means of neighbours as its card has it, and
 * its norm, which the wires tell; of a cell its gates over the units.
 *
 * @param valuesOf a cell's values `[T, units]`; `undefined` where they are not there yet
 */
export function cardsTable(
  trace: Trace,
  cards: readonly TracedCard[],
  valuesOf: (found: FoundRecurrence, name: string) => Matrix | undefined,
): FigureTable {
  return {
    head: ['', 'value', 'unit', 'step', 'token', 'number'],
    rows: cards.flatMap(({ title, cell, node }) => {
      const own = cell ? gateRows(trace, cell, valuesOf) : (node?.outputs.flatMap((output) => outputRows(trace, output)) ?? []);
      return own.map((row) => [title, ...row]);
    }),
  };
}

type Row = readonly [value: string, unit: string, step: string, token: string, number: number];

function outputRows(trace: Trace, { port, steps, units, norm, strip }: TracedNode['outputs'][number]): Row[] {
  const names = wordsOf(trace, steps);
  const matrix = matrixOf(strip);
  const norms = norm.map((value, step): Row => [port, 'norm', String(step + 1), names[step] ?? '', value]);
  const cells = Array.from({ length: matrix.rows * matrix.columns }, (_, place): Row => {
    const [row, column] = [Math.floor(place / matrix.columns), place % matrix.columns];
    const [first, last] = neighbours(row, matrix.rows, steps.length);
    const token = names.slice(first, last + 1).join(' ');
    return [port, span(neighbours(column, matrix.columns, units)), span([first, last]), token, at(matrix, row, column)];
  });
  return [...norms, ...cells];
}

function gateRows(
  trace: Trace,
  found: FoundRecurrence,
  valuesOf: (found: FoundRecurrence, name: string) => Matrix | undefined,
): Row[] {
  const { recurrence } = found;
  const names = wordsOf(trace, recurrence.steps);
  return barNames(recurrence).flatMap(({ name }) => {
    const matrix = valuesOf(found, name);
    if (matrix === undefined) return [];
    return Array.from({ length: matrix.rows }, (_, step) => step).flatMap((step): Row[] => {
      const figure = gateFigure(matrix, step);
      const row = (unit: string, number: number): Row => [name, unit, String(step + 1), names[step] ?? '', number];
      return figure ? [row('mean', figure.mean), row('lowest tenth', figure.low), row('highest tenth', figure.high)] : [];
    });
  });
}

/** Of each step; none where a step has no word but its number. */
const wordsOf = (trace: Trace, steps: readonly TracedStep[]): readonly string[] =>
  stepNames(steps, trace.steps).map((name, step) => (name === String(step + 1) ? '' : name));

/** Which of so many a place in a row of means stands for, from 0, both ends among them. */
function neighbours(place: number, places: number, all: number): readonly [number, number] {
  const first = Math.floor((place * all) / places);
  return [first, Math.floor(((place + 1) * all) / places) - 1];
}

const span = ([first, last]: readonly [number, number]): string =>
  first === last ? String(first + 1) : `${first + 1}–${last + 1}`;
