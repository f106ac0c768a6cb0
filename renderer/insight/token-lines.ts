import type { UnitSample } from '../../engine/protocol/inspect-units.ts';
import { escaped } from '../ui/xml-text.ts';
import type { NumberScale } from './colour-scale.ts';
import { svgOf } from './save-figure.ts';
import { tokenColours } from './text-colours.ts';

/** Tokens as they are read in a line: words apart, a line end seen. */
export const lineOf = (words: readonly string[], level: UnitSample['level']): string =>
  words.map(seen).join(level === 'word' ? ' ' : '');

/** A token as it stands in a coloured text. */
export const seen = (word: string): string => (word === '\n' ? '⏎' : word);

interface ColouredLine {
  readonly words: readonly string[];
  readonly values: ArrayLike<number>;
}

/** Letters of a line, lines of a picture at most; px of a letter, of a line. */
const [letters, mostLines, letter, line] = [110, 60, 7.3, 20];

/** Coloured texts as a picture, in letters of one width; what does not fit into so many lines is told. */
export function textSvg(
  title: string,
  texts: readonly ColouredLine[],
  level: UnitSample['level'],
  scale: NumberScale,
  table: Uint8ClampedArray,
): string {
  const body: string[] = [];
  let row = 0;
  let shown = 0;
  for (const { words, values } of texts) {
    if (row >= mostLines) break;
    let column = 0;
    words.forEach((word, at) => {
      const text = word === '' ? '·' : seen(word);
      if (column > 0 && column + text.length > letters) [row, column] = [row + 1, 0];
      const colours = tokenColours(values[at] ?? Number.NaN, scale, table);
      const [x, y] = [column * letter, row * line];
      if (colours)
        body.push(`<rect x="${x}" y="${y}" width="${text.length * letter}" height="${line - 3}" fill="${colours.background}"/>`);
      body.push(
        `<text x="${x}" y="${y + 13}" textLength="${text.length * letter}" fill="${colours?.color ?? 'var(--ink)'}" xml:space="preserve">${escaped(text)}</text>`,
      );
      column += text.length + (level === 'word' ? 1 : 0);
    });
    row++;
    shown++;
  }
  const rest = texts.length - shown;
  if (rest > 0) body.push(`<text x="0" y="${row * line + 13}" fill="var(--dim)">and ${rest} more, which the CSV has</text>`);
  const inner = `<g font-family="ui-monospace, monospace" font-size="12">${body.join('')}</g>`;
  return svgOf(title, letters * letter, (row + 1) * line, inner);
}
