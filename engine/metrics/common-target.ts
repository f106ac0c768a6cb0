import { targetTokens } from '../data/batches.ts';
import type { DataEncoding, EncodedSplit } from '../data/dataset.ts';
import { mostDecoded, spread } from '../data/spread.ts';
import { tokenText } from '../data/token-text.ts';
import type { MetricValues } from '../protocol/runs.ts';
import { TokenErrors } from './token-errors.ts';

/** How targets are cut into tokens, and the texts of these. */
type TargetEncoding = Pick<DataEncoding, 'binding' | 'classes'>;

/** Tokens of a target that its name shows. */
const shownTokens = 12;

/**
 * What a model says that has learned nothing: the training split's most frequent target, the first that came so often; or nothing
 * at all, where targets are so different that silence (error rate 1) is nearer to them.
 */
export function commonTarget(
  train: EncodedSplit,
  encoding: TargetEncoding,
): { readonly name: string; readonly tokens: ArrayLike<number> } {
  const counts = new Map<string, number>();
  let best: { readonly tokens: ArrayLike<number>; readonly count: number } = { tokens: [], count: 0 };
  for (let i = 0; i < train.count; i++) {
    const tokens = targetTokens(train, i);
    const key = tokens.join(' ');
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    if (count > best.count) best = { tokens, count };
  }
  if ((commonTargetErrors(best.tokens, train, encoding)['token-error-rate'] ?? 0) > 1)
    return { name: 'saying nothing', tokens: [] };
  const text = Array.from(
    { length: Math.min(best.tokens.length, shownTokens) },
    (_, i) => encoding.classes?.[best.tokens[i] ?? 0] ?? '',
  );
  const rest = best.tokens.length > shownTokens ? ' …' : '';
  // Characters may be symbols, such as phonemes: they are kept apart, too.
  const shown = encoding.binding.targetTokenizer.level === 'subword' ? tokenText(text, 'subword') : text.join(' ');
  return { name: `most frequent target “${shown}${rest}”`, tokens: best.tokens };
}

/** Errors of always saying these tokens, over the same examples as a model's decoding is judged on. */
export function commonTargetErrors(tokens: ArrayLike<number>, split: EncodedSplit, encoding: TargetEncoding): MetricValues {
  const errors = new TokenErrors(encoding);
  for (const example of spread(split.count, mostDecoded)) errors.add(targetTokens(split, example), tokens);
  return errors.values();
}
