import { z } from 'zod';

/**
 * A measured number, which may be no finite one: a loss that diverged, a perplexity beyond the largest double. JSON has no word for
 * those and would write `null`; here they are the strings `"NaN"`, `"Infinity"` and `"-Infinity"`, in `run.json`, `metrics.jsonl`,
 * `evaluation.json`, checkpoints, between the window and the engine, and in what the command line prints with `--json`. A `null`
 * that an older version left in a number's place is read as NaN.
 */
export const figure = z.union([
  z.custom<number>((value) => typeof value === 'number', 'expected a number'),
  z.enum(['NaN', 'Infinity', '-Infinity']).transform(Number),
  z.null().transform(() => Number.NaN),
]);

/** As `JSON.stringify`, but numbers that are not finite become what `figure` reads. */
export function figuresToJson(value: unknown, indent?: number): string {
  return JSON.stringify(
    value,
    (_key, item: unknown) => (typeof item === 'number' && !Number.isFinite(item) ? String(item) : item),
    indent,
  );
}
