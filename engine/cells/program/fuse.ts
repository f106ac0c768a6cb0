import type { Calculation } from './format.ts';
import { inOrder, type Output, readings, type Sum, type Value } from './value.ts';

/**
 * Fewer, larger values: sums of products and of what all rows share become one sum; a product that is only added is one instruction with
 * the addition.
 */
export function fuse(outputs: readonly Output[]): readonly Output[] {
  const order = inOrder(outputs.map(({ value }) => value));
  const counts = readings(outputs, order);
  const made = new Map<Value, Value>();
  const get = (value: Value): Value => made.get(value) ?? value;
  const alone = (value: Value): boolean => counts.get(value) === 1;
  for (const value of order) made.set(value, fused(value, get, alone));
  return outputs.map((output) => ({ ...output, value: get(output.value) }));
}

function fused(value: Value, get: (value: Value) => Value, alone: (value: Value) => boolean): Value {
  switch (value.kind) {
    case 'given':
      return value;
    case 'sum':
      return {
        ...value,
        terms: value.terms.map((term) => ({ ...term, of: get(term.of) })),
        start: value.start && get(value.start),
      };
    case 'reduction':
      return { ...value, of: get(value.of) };
    case 'calculation':
      return calculation(value, value.from.map(get), value.from.map(alone));
  }
}

function calculation(value: Extract<Value, { kind: 'calculation' }>, from: readonly Value[], alone: readonly boolean[]): Value {
  const [a, b] = from;
  const made = (operation: Calculation, parts: readonly Value[]): Value => ({
    kind: 'calculation',
    width: value.width,
    operation,
    from: parts,
  });
  if (a === undefined || b === undefined || from.length !== 2) return made(value.operation, from);
  if (value.operation === 'add') {
    const sum = sumOf(a, b, alone) ?? sumOf(b, a, [...alone].reverse());
    if (sum !== null) return sum;
  }
  // (a b) c: a product that nothing else reads.
  const factors = (part: Value, single: boolean | undefined): readonly Value[] | null =>
    single && part.kind === 'calculation' && part.operation === 'multiply' ? part.from : null;
  const [left, right] = [factors(a, alone[0]), factors(b, alone[1])];
  switch (value.operation) {
    case 'add':
      if (left !== null) return made('multiplyAdd', [...left, b]);
      return right === null ? made('add', from) : made('multiplyAdd', [...right, a]);
    case 'subtract':
      if (left !== null) return made('multiplySubtract', [...left, b]);
      return right === null ? made('subtract', from) : made('subtractProduct', [...right, a]);
    case 'multiply':
      return slope(a, b, alone[1], made) ?? slope(b, a, alone[0], made) ?? made('multiply', from);
    default:
      return made(value.operation, from);
  }
}

/** `a + b` as one sum of products, where a is one that nothing else reads. */
function sumOf(a: Value, b: Value, [aAlone, bAlone]: readonly boolean[]): Sum | null {
  if (a.kind !== 'sum' || !aAlone) return null;
  if (b.kind === 'sum' && bAlone && (a.start === null || b.start === null))
    return { ...a, terms: [...a.terms, ...b.terms], start: a.start ?? b.start };
  const shared = b.kind === 'given' && (b.place.kind === 'vector' || b.place.kind === 'constant');
  return shared && a.start === null ? { ...a, start: b } : null;
}

/** `a (1 - a)` as `a - a a`. */
function slope(
  a: Value,
  b: Value,
  alone: boolean | undefined,
  made: (operation: Calculation, parts: readonly Value[]) => Value,
): Value | null {
  if (!alone || b.kind !== 'calculation' || b.operation !== 'subtract' || b.from[1] !== a) return null;
  const [one] = b.from;
  return one?.kind === 'given' && one.place.kind === 'constant' && one.place.index === 0
    ? made('subtractProduct', [a, a, a])
    : null;
}
