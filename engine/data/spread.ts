/** Indices of at most `wanted` of `count` things, evenly spread from the first on: always the same ones. */
export const spread = (count: number, wanted: number): number[] =>
  Array.from({ length: Math.min(count, wanted) }, (_, i) => Math.floor((i * count) / Math.min(count, wanted)));

/** How many examples of a split are decoded at most when a model is judged; decoding takes a pass per token. */
export const mostDecoded = 500;

/** How many examples are shown with their predictions: always the same ones, spread over the split. */
export const shownExamples = 24;

/** Every example that an evaluation may show, decoded or not. */
export function shownIndices(count: number): ReadonlySet<number> {
  const decoded = spread(count, mostDecoded);
  return new Set([...spread(count, shownExamples), ...spread(decoded.length, shownExamples).map((at) => decoded[at] ?? 0)]);
}
