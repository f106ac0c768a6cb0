/** Two neighbouring tokens that become one, in the order in which they were learned. */
export type Merge = readonly [left: string, right: string];

/** Rank of each merge, first learned first. */
export type MergeRanks = ReadonlyMap<string, number>;

/** The length in front keeps `ab+c` and `a+bc` apart. */
export const mergeKey = (left: string, right: string): string => `${left.length}:${left}${right}`;

export const rankMerges = (merges: readonly Merge[]): MergeRanks =>
  new Map(merges.map(([left, right], rank) => [mergeKey(left, right), rank]));

/**
 * Byte-pair encoding of one part (Sennrich, Haddow & Birch 2016, “Neural Machine Translation of Rare Words with Subword Units”; row
 * L3), over code points: of all neighbouring pairs the one that was learned first is merged, wherever it stands, from left to
 * right, until none is left. Joined again, the result is the part.
 */
export function cutPart(part: string, ranks: MergeRanks): string[] {
  let pieces = [...part];
  while (pieces.length > 1) {
    let best = Number.POSITIVE_INFINITY;
    for (let i = 0; i + 1 < pieces.length; i++) {
      best = Math.min(best, ranks.get(mergeKey(pieces[i] ?? '', pieces[i + 1] ?? '')) ?? best);
    }
    if (best === Number.POSITIVE_INFINITY) break;
    const merged: string[] = [];
    for (let i = 0; i < pieces.length; i++) {
      const left = pieces[i] ?? '';
      const right = pieces[i + 1];
      if (right !== undefined && ranks.get(mergeKey(left, right)) === best) {
        merged.push(left + right);
        i++;
      } else merged.push(left);
    }
    pieces = merged;
  }
  return pieces;
}

/** Sub-words of a text's parts, at most `limit` of them; nothing of the text is lost. */
export function cutParts(parts: readonly string[], ranks: MergeRanks, limit: number): string[] {
  const pieces: string[] = [];
  for (const part of parts) {
    if (pieces.length >= limit) break;
    pieces.push(...cutPart(part, ranks));
  }
  return pieces.slice(0, limit);
}
