import type { Random } from '../random.ts';

export interface SamplingSettings {
  /** Divides the logits: below 1 the probable becomes more so, above 1 less. */
  readonly temperature: number;
  /** Only so many of the most probable tokens; `null` is all. */
  readonly topK: number | null;
  /** Only the most probable tokens that together reach this probability (Holtzman et al. 2020, nucleus sampling); 1 is all. */
  readonly topP: number;
}

/**
 * The distribution that a token is drawn from: temperature first, then top-k, then top-p, each over what the one before left.
 * Always keeps the most probable token. Equally probable tokens are kept by id, the lower first.
 *
 * @param log log-probabilities `[V]`, -∞ for what is never said
 * @returns ids, most probable first, and their probabilities, which sum to 1
 */
export function samplingDistribution(
  log: Float64Array,
  { temperature, topK, topP }: SamplingSettings,
): { readonly tokens: readonly number[]; readonly probabilities: readonly number[] } {
  // A stable sort: equally probable ones stay in the order of their ids.
  const ranked = Array.from(log.keys()).sort((a, b) => (log[b] ?? 0) - (log[a] ?? 0));
  const tokens = ranked.slice(0, topK ?? ranked.length);
  const highest = log[tokens[0] ?? 0] ?? 0;
  const weights = tokens.map((token) => Math.exp(((log[token] ?? 0) - highest) / temperature));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let kept = 0;
  let reached = 0;
  // Added up in the same order, all of them reach the total exactly.
  while (kept === 0 || reached < topP * total) reached += weights[kept++] ?? 0;
  return { tokens: tokens.slice(0, kept), probabilities: weights.slice(0, kept).map((weight) => weight / reached) };
}

/** Draws one token. @param log as in `samplingDistribution` */
export function drawToken(log: Float64Array, settings: SamplingSettings, random: Random): number {
  const { tokens, probabilities } = samplingDistribution(log, settings);
  let left = random.uniform();
  for (const [at, probability] of probabilities.entries()) {
    left -= probability;
    if (left < 0) return tokens[at] ?? 0;
  }
  // Rounding has left the sum a hair below 1.
  return tokens[tokens.length - 1] ?? 0;
}
