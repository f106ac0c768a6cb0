import { cutText } from '../ui/cut-text.ts';

/** One entry of a legend: where its sign begins, px, and its words, shortened where there is no room for all of them. */
export interface LegendEntry {
  readonly x: number;
  readonly words: string;
}

/** Of the sign before the words, and of what is free after them, px. */
const [sign, gap] = [24, 18];

/**
 * A legend in one line: each entry as wide as its words, or as an even share of the line where all do not fit.
 *
 * @param across room for the line, px
 * @param letter width of a letter, px
 */
export function legendOf(labels: readonly string[], across: number, letter: number): readonly LegendEntry[] {
  const widths = labels.map((label) => sign + label.length * letter + gap);
  const even = across / Math.max(1, labels.length);
  const fits = widths.reduce((sum, width) => sum + width, -gap) <= across;
  const room = Math.max(1, Math.floor((even - sign - gap) / letter));
  let x = 0;
  return labels.map((label, place) => {
    const entry = { x, words: fits ? label : cutText(label, room) };
    x += fits ? (widths[place] ?? 0) : even;
    return entry;
  });
}
