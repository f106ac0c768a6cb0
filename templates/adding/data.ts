import type { ColumnNames, RawExample } from '../../engine/data/raw-example.ts';
import { Random } from '../../engine/random.ts';

export const columns: ColumnNames = { inputs: ['value', 'mark'], targets: ['sum'] };

const sequences = 1500;
const shortest = 6;
const longest = 10;

/**
 * The adding problem (Hochreiter & Schmidhuber 1997): at each step a value from 0 to 1 and a mark that is 1 at two steps, one in each
 * half, and 0 elsewhere. Target: the sum of the two marked values.
 */
export async function* rows(): AsyncGenerator<RawExample> {
  const random = new Random(1997, 'adding');
  for (let line = 1; line <= sequences; line++) {
    const length = shortest + random.below(longest - shortest + 1);
    const half = length >> 1;
    const marked = [random.below(half), half + random.below(length - half)];
    const steps = Array.from({ length }, (_, t) => [random.uniform(), marked.includes(t) ? 1 : 0]);
    const sum = marked.reduce((total, t) => total + (steps[t]?.[0] ?? 0), 0);
    yield { line, input: { kind: 'series', steps }, target: { kind: 'numbers', values: [sum] }, group: null };
  }
}
