import { inOrder, type Output, partsOf, type Sum, type Value } from '../../../cells/program/value.ts';

/** A forward program in which what only the input is needed for stands apart. */
export interface Hoisted {
  readonly outputs: readonly Output[];
  /** Values that are made of the input alone and that the loop, or an output, reads: made for all steps at once. */
  readonly early: readonly Value[];
}

/** Takes what depends on no state out of the loop; of a sum of products, the products of such values. */
export function hoist(outputs: readonly Output[]): Hoisted {
  const order = inOrder(outputs.map(({ value }) => value));
  const isEarly = new Map<Value, boolean>();
  const made = new Map<Value, Value>();
  const frontier = new Set<Value>();
  const early = (value: Value): boolean => isEarly.get(value) ?? false;
  for (const value of order) {
    const parts = partsOf(value);
    isEarly.set(value, value.kind === 'given' ? !loopPlaces.has(value.place.kind) : parts.every(early));
  }
  const read = (value: Value): Value => {
    if (early(value) && value.kind !== 'given') frontier.add(value);
    return made.get(value) ?? value;
  };
  for (const value of order) {
    if (early(value) || value.kind === 'given') made.set(value, value);
    else if (value.kind === 'sum') {
      const sum = late(value, early, read);
      if (sum.start !== null && sum.start.kind !== 'given') frontier.add(sum.start);
      made.set(value, sum);
    } else if (value.kind === 'reduction') made.set(value, { ...value, of: read(value.of) });
    else made.set(value, { ...value, from: value.from.map(read) });
  }
  const moved = outputs.map((output) => ({ ...output, value: read(output.value) }));
  return { outputs: moved, early: [...frontier] };
}

const loopPlaces: ReadonlySet<string> = new Set(['state', 'gradient', 'saved']);

/** The part of a sum that waits for a state, begun with the part that does not. */
function late(sum: Sum, early: (value: Value) => boolean, read: (value: Value) => Value): Sum {
  const before = sum.terms.filter(({ of }) => early(of));
  const terms = sum.terms.filter(({ of }) => !early(of)).map((term) => ({ ...term, of: read(term.of) }));
  const { start } = sum;
  if (start !== null && !early(start)) throw new Error('a sum begins with what all rows share');
  return { ...sum, terms, start: before.length === 0 ? start : { ...sum, terms: before } };
}
