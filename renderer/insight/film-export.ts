import { formatShare } from '../training/metric-format.ts';
import { escaped } from '../ui/xml-text.ts';
import type { NumberScale } from './colour-scale.ts';
import type { FigureTable } from './figure-tools.tsx';
import type { FilmFrame } from './film-frames.ts';
import { bar, character, legend, stepHeads, stepLabels, stepWidth } from './heat-map-export.ts';
import { columnOf } from './matrix.ts';
import { svgOf } from './save-figure.ts';

/** A moment as the sheet names it. */
export interface NamedFrame extends FilmFrame {
  readonly words: string;
}

/** A row for each moment and unit. @param names of the steps */
export function filmTable(frames: readonly NamedFrame[], names: readonly string[], value: string): FigureTable {
  return {
    head: ['', 'training step', 'says', 'probability', 'loss', `unit of ${value}`, ...stepHeads(names)],
    rows: frames.flatMap(({ words, step, answer, loss, matrix }) =>
      Array.from({ length: matrix.columns }, (_, unit) => [
        words,
        step,
        answer.said,
        answer.probability ?? '',
        loss ?? '',
        unit,
        ...columnOf(matrix, unit),
      ]),
    ),
  };
}

/** Height of a moment's map, px, and of the line above it. */
const heights = { map: 48, words: 22, gap: 8 } as const;

/**
 * All moments under each other, in one scale.
 *
 * @param images of a pixel for each number, one a moment
 * @param table of the scale's colours
 */
export function filmSvg(
  title: string,
  frames: readonly NamedFrame[],
  images: readonly (Pick<HTMLCanvasElement, 'toDataURL'> | null)[],
  {
    names,
    scale,
    quantity,
    table,
  }: {
    readonly names: readonly string[];
    readonly scale: NumberScale;
    readonly quantity: string;
    readonly table: Uint8ClampedArray;
  },
): string {
  const lines = frames.map((frame) => frameWords(frame));
  const map = stepWidth(names.length) * names.length;
  const pitch = heights.words + heights.map + heights.gap;
  const rows = frames.map((_, place) => {
    const top = place * pitch;
    const address = images[place]?.toDataURL();
    return [
      `<text y="${top + 14}" fill="var(--ink)">${escaped(lines[place] ?? '')}</text>`,
      address === undefined
        ? ''
        : `<image y="${top + heights.words}" width="${map}" height="${heights.map}" preserveAspectRatio="none" style="image-rendering: pixelated" href="${address}"/>`,
    ].join('');
  });
  const end = frames.length * pitch - heights.gap;
  const below = stepLabels(names, 0, end);
  const foot = end + below.height;
  const body = `${rows.join('')}<g fill="var(--dim)">${below.body}<g transform="translate(0 ${foot})">${legend(scale, quantity, table)}</g></g>`;
  const widest = Math.max(...lines.map(({ length }) => character * length), bar.width + 10 + character * quantity.length);
  return svgOf(title, Math.max(map, widest), foot + bar.height + 18, body);
}

/** When it was, and what the network said then. */
export function frameWords({ words, answer: { said, probability, right } }: NamedFrame): string {
  const sure = probability === null ? '' : ` (${formatShare(probability)})`;
  return `${words} → “${said}”${sure}${right === true ? ' ✓' : right === false ? ' ✗' : ''}`;
}
