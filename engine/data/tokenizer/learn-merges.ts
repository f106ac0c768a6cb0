import type { TokenizerSettings } from '../../document/data-binding.ts';
import { specialTokenNames } from '../dataset.ts';
import type { Turns } from '../turns.ts';
import { compareText } from '../vocabulary.ts';
import { MergeQueue } from './merge-queue.ts';
import type { Merge } from './subword.ts';

export interface LearnedSubwords {
  /** All sub-words: characters, then what the merges make of them. At most `maxVocabulary`. */
  readonly tokens: readonly string[];
  readonly merges: readonly Merge[];
}

interface Part {
  readonly pieces: string[];
  readonly count: number;
}

interface Pair {
  readonly left: string;
  readonly right: string;
  count: number;
  /** Parts in which it stands, or has stood. */
  readonly parts: Set<number>;
}

/**
 * Learns byte-pair merges: the most frequent neighbours become one token, again and again, until the vocabulary is full or no pair
 * occurs twice (or `minCount` times). Equal counts go in code point order, so the same counts always give the same merges.
 *
 * @param texts different parts of the data
 * @param counts how often each occurs in the training split `[texts]`
 */
export async function learnMerges(
  texts: readonly string[],
  counts: Uint32Array,
  settings: TokenizerSettings,
  turns: Turns,
): Promise<LearnedSubwords> {
  const characters = frequentCharacters(texts, counts, settings);
  const known = new Set(characters);
  const parts: Part[] = [];
  texts.forEach((text, i) => {
    const count = counts[i] ?? 0;
    if (count > 0) parts.push({ pieces: [...text], count });
  });
  const pairs = new Map<string, Map<string, Pair>>();
  const queue = new MergeQueue<Pair>((a, b) => (compareText(a.left, b.left) || compareText(a.right, b.right)) < 0);
  const change = (left: string, right: string, by: number, part: number): void => {
    if (!known.has(left) || !known.has(right)) return;
    const ofLeft = pairs.get(left) ?? new Map<string, Pair>();
    pairs.set(left, ofLeft);
    const pair = ofLeft.get(right) ?? { left, right, count: 0, parts: new Set<number>() };
    ofLeft.set(right, pair);
    pair.count += by;
    if (by > 0) pair.parts.add(part);
    changed.add(pair);
  };
  let changed = new Set<Pair>();
  const settle = (): void => {
    for (const pair of changed) queue.push(pair, pair.count);
    changed = new Set();
  };
  for (const [index, part] of parts.entries()) {
    eachPair(part, (left, right) => change(left, right, part.count, index));
    if (turns.over) await turns.pass();
  }
  settle();
  const fewest = Math.max(2, settings.minCount);
  const special: ReadonlySet<string> = new Set(specialTokenNames);
  const merges: Merge[] = [];
  while (known.size < settings.maxVocabulary) {
    const top = queue.pop();
    if (top === undefined || top.count < fewest) break;
    const { left, right, count, parts: holders } = top.pair;
    const joined = left + right;
    if (count !== top.count || special.has(joined)) continue;
    merges.push([left, right]);
    known.add(joined);
    for (const index of holders) {
      const part = parts[index];
      if (!part) continue;
      eachPair(part, (a, b) => change(a, b, -part.count, index));
      mergeIn(part.pieces, left, right);
      eachPair(part, (a, b) => change(a, b, part.count, index));
    }
    settle();
    if (turns.over) await turns.pass();
  }
  return { tokens: [...known], merges };
}

function eachPair({ pieces }: Part, visit: (left: string, right: string) => void): void {
  for (let i = 0; i + 1 < pieces.length; i++) visit(pieces[i] ?? '', pieces[i + 1] ?? '');
}

/** In place, from left to right, as `cutPart` does. */
function mergeIn(pieces: string[], left: string, right: string): void {
  let to = 0;
  for (let i = 0; i < pieces.length; i++, to++) {
    const joins = pieces[i] === left && pieces[i + 1] === right;
    pieces[to] = joins ? left + right : (pieces[i] ?? '');
    if (joins) i++;
  }
  pieces.length = to;
}

/** Characters of the training split, the most frequent first. */
function frequentCharacters(texts: readonly string[], counts: Uint32Array, settings: TokenizerSettings): string[] {
  const found = new Map<string, number>();
  texts.forEach((text, i) => {
    const count = counts[i] ?? 0;
    if (count > 0) for (const character of text) found.set(character, (found.get(character) ?? 0) + count);
  });
  return [...found]
    .filter(([, count]) => count >= settings.minCount)
    .sort(([a, n], [b, m]) => m - n || compareText(a, b))
    .slice(0, settings.maxVocabulary)
    .map(([character]) => character);
}
