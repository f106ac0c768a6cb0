import type { TracedRecurrence } from '../../engine/protocol/inspect.ts';
import type { NumberScale } from './colour-scale.ts';
import { largest, type Matrix } from './matrix.ts';
import { keepings } from './step-equations.ts';

type TracedValue = TracedRecurrence['values'][number];

/** What the panel shows of a cell: the line that is chosen, else what tells how much is kept, else its first. */
export function shownValue({ equations, values }: TracedRecurrence, line: string | null): TracedValue | undefined {
  const kept = keepings(equations);
  const usual = values.find(({ name }) => kept.some(({ written }) => written.split(' ').includes(name)));
  return values.find(({ name }) => name === line) ?? usual ?? values[0];
}

/** A value's scale of colours, one for all of its matrices. */
export function scaleOf(range: TracedValue['range'], matrices: readonly Matrix[]): NumberScale {
  if (range === '0..1') return { kind: 'share', extent: 1 };
  const extent = range === '-1..1' ? 1 : Math.max(0, ...matrices.map(largest));
  return { kind: 'signed', extent: extent || 1 };
}
