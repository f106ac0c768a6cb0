import { targetTokens } from '../data/batches.ts';
import type { EncodedSplit } from '../data/dataset.ts';
import type { MetricValues } from '../protocol/runs.ts';
import { mostDecoded, spread } from './spread.ts';
import { TokenErrors } from './token-errors.ts';

/** Tokens of a target that its name shows. */
const shownTokens = 12;

/**
 * What a model says that has learned nothing: the training split's most frequent target, the first that came so often; or nothing
 * at all, where targets are so different that silence (error rate 1) is nearer to them.
 *
 * @param vocabulary target token texts by id
 */
export function commonTarget(
  train: EncodedSplit,
  vocabulary: readonly string[],
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
  if ((commonTargetErrors(best.tokens, train)['token-error-rate'] ?? 0) > 1) return { name: 'saying nothing', tokens: [] };
  const text = Array.from({ length: Math.min(best.tokens.length, shownTokens) }, (_, i) => vocabulary[best.tokens[i] ?? 0] ?? '');
  const rest = best.tokens.length > shownTokens ? ' …' : '';
  return { name: `most frequent target “${text.join(' ')}${rest}”`, tokens: best.tokens };
}

/** Errors of always saying these tokens, over the same examples as a model's decoding is judged on. */
export function commonTargetErrors(tokens: ArrayLike<number>, split: EncodedSplit): MetricValues {
  const errors = new TokenErrors();
  for (const example of spread(split.count, mostDecoded)) errors.add(targetTokens(split, example), tokens);
  return errors.values();
}
