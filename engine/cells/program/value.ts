import type { Calculation, Place } from './format.ts';

/** A number for each unit and row, `width` units wide; 0: one number a row, the same for all units. */
export type Value = { readonly width: number } & (
  | { readonly kind: 'given'; readonly place: Place }
  | { readonly kind: 'calculation'; readonly operation: Calculation; readonly from: readonly Value[] }
  /** Products, added up, and what the sum starts with. */
  | { readonly kind: 'sum'; readonly terms: readonly Term[]; readonly start: Value | null }
  | { readonly kind: 'reduction'; readonly operation: 'sumUnits' | 'maxUnits'; readonly of: Value }
);
export type Sum = Extract<Value, { kind: 'sum' }>;

/** A matrix times a value; `turned`: its transpose. */
export interface Term {
  readonly matrix: number;
  readonly turned: boolean;
  readonly of: Value;
}

/** What a program leaves behind. A value may go to several places. */
export interface Output {
  readonly value: Value;
  readonly place: Place;
  /** Of the place: a value of one number a row is repeated. */
  readonly width: number;
}

/** Values that a value is made from. */
export function partsOf(value: Value): readonly Value[] {
  switch (value.kind) {
    case 'given':
      return [];
    case 'calculation':
      return value.from;
    case 'sum':
      return [...value.terms.map(({ of }) => of), ...(value.start === null ? [] : [value.start])];
    case 'reduction':
      return [value.of];
  }
}

/** Values in an order in which each comes after its parts. */
export function inOrder(roots: readonly Value[]): readonly Value[] {
  const order: Value[] = [];
  const seen = new Set<Value>();
  const open = [...roots].reverse().map((value) => ({ value, ready: false }));
  for (let top = open.pop(); top !== undefined; top = open.pop()) {
    if (top.ready) order.push(top.value);
    else if (!seen.has(top.value)) {
      seen.add(top.value);
      open.push({ value: top.value, ready: true });
      for (const part of [...partsOf(top.value)].reverse()) open.push({ value: part, ready: false });
    }
  }
  return order;
}

/** How often each value is read, outputs included. */
export function readings(outputs: readonly Output[], order: readonly Value[]): ReadonlyMap<Value, number> {
  const counts = new Map<Value, number>();
  const read = (value: Value): void => {
    counts.set(value, (counts.get(value) ?? 0) + 1);
  };
  for (const { value } of outputs) read(value);
  for (const value of order) for (const part of partsOf(value)) read(part);
  return counts;
}
