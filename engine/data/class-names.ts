import { UserError } from '../protocol/envelope.ts';
import { parseNumber } from './readers/number-format.ts';
import { compareText } from './vocabulary.ts';

/** More classes than this is a mapping mistake: a column of texts or of measured numbers. */
const mostClasses = 10_000;

export interface ClassNames {
  /** In numeric order if all are numbers, else in code point order: the same labels always get the same ids. */
  readonly names: readonly string[];
  /** Class id of each interned label. */
  readonly idOfLabel: Int32Array;
}

export function orderClasses(labels: readonly string[]): ClassNames {
  if (labels.length > mostClasses) {
    throw new UserError({
      code: 'too-many-classes',
      message: `the target column has ${labels.length.toLocaleString('en')} different values: expected classes, at most ${mostClasses.toLocaleString('en')}`,
      hint: 'Choose another target column, or “sequence to number” if it holds measurements.',
    });
  }
  const numbers = labels.map(parseNumber);
  const numeric = numbers.every((value) => value !== null);
  const order = labels.map((_label, i) => i);
  order.sort((a, b) =>
    numeric
      ? (numbers[a] ?? 0) - (numbers[b] ?? 0) || compareText(labels[a] ?? '', labels[b] ?? '')
      : compareText(labels[a] ?? '', labels[b] ?? ''),
  );
  const idOfLabel = new Int32Array(labels.length);
  order.forEach((label, id) => {
    idOfLabel[label] = id;
  });
  return { names: order.map((label) => labels[label] ?? ''), idOfLabel };
}
