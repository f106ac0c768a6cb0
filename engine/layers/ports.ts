import type { NodeInputs, ValueType, ValueTypeName } from '../shapes/value-type.ts';

type OfType<N extends ValueTypeName> = Extract<ValueType, { type: N }>;

/**
 * The one value that arrived at a port. Shape rules run only on wired ports of an accepted type, so anything else is a bug.
 */
export function only<N extends ValueTypeName>(inputs: NodeInputs, port: string, ...types: N[]): OfType<N> {
  const value = inputs[port]?.[0];
  if (value === undefined || !(types as string[]).includes(value.type)) {
    throw new Error(`port ${port}: expected ${types.join(' or ')}, got ${value?.type ?? 'nothing'}`);
  }
  return value as OfType<N>;
}

/** A width still waits for data. */
class UnknownWidth extends Error {}

/** What is made of widths; `null` while one of them is not known. */
export function ifKnown<T>(make: () => T): T | null {
  try {
    return make();
  } catch (error) {
    if (error instanceof UnknownWidth) return null;
    throw error;
  }
}

/**
 * What must be known by now (parameters are listed only after data is attached), such as a width. Callers that may come earlier ask
 * `ifKnown`.
 */
export function known<T>(width: T | null, what: string): T {
  if (width === null) throw new UnknownWidth(`the ${what} is not known yet: attach data first`);
  return width;
}
