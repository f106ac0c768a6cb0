import type { Block } from '../cells/step/evaluate.ts';
import type { UnitSample } from '../protocol/inspect-units.ts';
import type { StateSample } from './state-sample.ts';
import { largestValue, unitFigures } from './unit-figures.ts';

/** Labels that are told at most. */
const mostLabels = 200;

/** What a window is told of a sample at first. */
export function describeSample(id: string, sample: StateSample): UnitSample {
  const { step, sequences, of, units, values, ended, surprise, classes, level, running } = sample;
  return {
    sample: id,
    step,
    examples: sequences.length,
    of,
    steps: values.length / Math.max(1, units),
    ended,
    units: unitFigures(sample),
    largest: largestValue(sample),
    level: sequences.some(({ words }) => words.some((word) => word !== '')) ? level : null,
    running,
    labels: labelsOf(sample),
    guess: surprise === null ? null : Math.log(Math.max(2, classes.length)),
  };
}

function labelsOf({ labels, labelKind, classes }: StateSample): UnitSample['labels'] {
  if (labels === null || labelKind === null) return null;
  const counts = new Map<number, number>();
  for (const label of labels) if (label >= 0) counts.set(label, (counts.get(label) ?? 0) + 1);
  const names = [...counts].sort(([a, n], [b, m]) => m - n || a - b).map(([label]) => classes[label] ?? `#${label}`);
  return { kind: labelKind, names: names.slice(0, mostLabels), more: names.length > mostLabels };
}

/** One sequence's values `[T, H]`. */
export function blockOfSequence({ sequences, values, units }: StateSample, place: number): Block {
  const start = sequences[place]?.start ?? 0;
  const end = sequences[place + 1]?.start ?? values.length / units;
  return { rows: end - start, width: units, data: Float64Array.from(values.subarray(start * units, end * units)) };
}
