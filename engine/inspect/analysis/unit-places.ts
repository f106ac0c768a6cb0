import type { TokenizerSettings } from '../../document/data-binding.ts';
import type { UnitPattern } from '../../protocol/inspect-units.ts';

/** Sequences whose steps stand one after another, without padding. */
export interface PlacedSequences {
  readonly level: TokenizerSettings['level'];
  readonly sequences: readonly { readonly start: number; readonly words: readonly string[] }[];
  /** Each step's label `[S]`; `null` where no step has one. */
  readonly labels: Int32Array | null;
  readonly classes: readonly string[];
}

/** At which steps something holds; `null` at those that are not compared. @throws SyntaxError where the expression is none */
export function placesOf({ level, sequences, labels, classes }: PlacedSequences, of: UnitPattern): (boolean | null)[] {
  if (of.kind === 'text') {
    const expression = expressionOf(of);
    return sequences.flatMap(({ words }) => matched(words, level, expression));
  }
  if (of.kind === 'label') {
    const wanted = classes.indexOf(of.label);
    return sequences.flatMap(({ start, words }) =>
      words.map((_, t) => {
        const label = labels?.[start + t] ?? -1;
        return label < 0 || (of.at === 'last' && t < words.length - 1) ? null : label === wanted;
      }),
    );
  }
  return sequences.flatMap(({ words }) =>
    words.map((_, t) => {
      const place = of.end ? words.length - t : t + 1;
      return place >= of.from && place <= of.to;
    }),
  );
}

/** @throws SyntaxError */
export const expressionOf = ({ pattern, ignoreCase }: Extract<UnitPattern, { kind: 'text' }>): RegExp =>
  new RegExp(pattern, ignoreCase ? 'giu' : 'gu');

/** Which tokens overlap a match in the text that they make together. */
function matched(words: readonly string[], level: TokenizerSettings['level'], expression: RegExp): boolean[] {
  const { text, starts } = textOf(words, level);
  const holds = words.map(() => false);
  let token = 0;
  for (const { index, 0: match } of text.matchAll(expression)) {
    if (match === '') continue;
    while (token > 0 && (starts[token] ?? 0) > index) token--;
    while (token + 1 < words.length && (starts[token] ?? 0) + (words[token]?.length ?? 0) <= index) token++;
    for (let at = token; at < words.length && (starts[at] ?? 0) < index + match.length; at++)
      if ((starts[at] ?? 0) + (words[at]?.length ?? 0) > index) holds[at] = true;
  }
  return holds;
}

const isSpace = (token: string | undefined): boolean => token !== undefined && /^[ \t\n]+$/.test(token);

/** Words with a space between two, but for those that are space themselves; other tokens as they stand. With where each begins. */
export function textOf(
  words: readonly string[],
  level: TokenizerSettings['level'],
): { readonly text: string; readonly starts: readonly number[] } {
  let text = '';
  const starts = words.map((word, i) => {
    const apart = level === 'word' && i > 0 && !isSpace(word) && !isSpace(words[i - 1]);
    if (apart) text += ' ';
    const start = text.length;
    text += word;
    return start;
  });
  return { text, starts };
}

/** Steps at which it holds, as ranges: first and last of each, so many at most. */
export function rangesWhere(holds: readonly (boolean | null)[], most: number): [number, number][] {
  const ranges: [number, number][] = [];
  holds.forEach((here, at) => {
    if (here !== true) return;
    const last = ranges.at(-1);
    if (last?.[1] === at - 1) last[1] = at;
    else if (ranges.length < most) ranges.push([at, at]);
  });
  return ranges;
}
