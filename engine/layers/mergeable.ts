import type { SequenceType, ValueType, VectorType } from '../shapes/value-type.ts';

type Mergeable =
  | { readonly ok: true; readonly first: SequenceType | VectorType; readonly values: readonly (SequenceType | VectorType)[] }
  | { readonly ok: false; readonly message: string; readonly fix: string };

/** Checks that all values are sequences over the same time, or all vectors. */
export function mergeable(inputs: readonly ValueType[]): Mergeable {
  const values = inputs.filter((v): v is SequenceType | VectorType => v.type === 'sequence' || v.type === 'vector');
  const first = values[0];
  if (first === undefined) throw new Error('merge without inputs');
  for (const other of values) {
    if (other.type !== first.type) {
      return {
        ok: false,
        message: 'a sequence and a vector cannot be merged',
        fix: 'Set the recurrent layer before it to “last step”, or to “every step”, so that both agree.',
      };
    }
    if (other.type === 'sequence' && first.type === 'sequence' && other.time !== first.time) {
      return {
        ok: false,
        message: `the sequences differ in length: ${first.time} and ${other.time} steps`,
        fix: 'Merge before the layer that shortens time.',
      };
    }
  }
  return { ok: true, first, values };
}
