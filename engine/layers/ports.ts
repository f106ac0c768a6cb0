import type { NodeInputs, ValueType, ValueTypeName, Width } from '../shapes/value-type.ts';

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
export class UnknownWidth extends Error {}

/**
 * A width that must be known by now (parameters are listed only after data is attached).
 *
 * @throws UnknownWidth
 */
export function known(width: Width, what: string): number {
  if (width === null) throw new UnknownWidth(`the ${what} is not known yet: attach data first`);
  return width;
}
