/** One line of a bar plot: a value for every series, `null` where there is none. */
export interface Bar {
  readonly label: string;
  readonly values: readonly (number | null)[];
}

const geometry = { label: 300, width: 900, bar: 9, gap: 2, group: 12, top: 26, end: 60 } as const;

/** Horizontal bars, a group a row, as SVG; `mark` draws a line across at that value. Series are coloured by their number. */
export function barPlot(bars: readonly Bar[], unit: string, mark: number | null = null): string {
  const series = Math.max(1, ...bars.map(({ values }) => values.length));
  const largest = Math.max(mark ?? 0, ...bars.flatMap(({ values }) => values.map((value) => value ?? 0)));
  const groupHeight = series * (geometry.bar + geometry.gap) + geometry.group;
  const height = geometry.top + bars.length * groupHeight;
  const span = geometry.width - geometry.label - geometry.end;
  const x = (value: number): number => geometry.label + (largest > 0 ? (value / largest) * span : 0);
  const groups = bars.map(({ label, values }, row) => {
    const y = geometry.top + row * groupHeight;
    const middle = y + (series * (geometry.bar + geometry.gap)) / 2 + 4;
    const lines = values.map((value, index) => {
      const at = y + index * (geometry.bar + geometry.gap);
      if (value === null) return '';
      const end = x(value);
      const bar = `<rect class="series${index}" x="${geometry.label}" y="${at}" width="${number(end - geometry.label)}" height="${geometry.bar}"/>`;
      return `${bar}<text class="value" x="${number(end + 4)}" y="${at + geometry.bar - 1}">${figure(value)}</text>`;
    });
    return `<text x="${geometry.label - 8}" y="${number(middle)}" text-anchor="end">${escapeText(label)}</text>${lines.join('')}`;
  });
  const line =
    mark === null
      ? ''
      : `<line class="mark" x1="${number(x(mark))}" x2="${number(x(mark))}" y1="${geometry.top - 6}" y2="${height}"/><text class="value" x="${number(x(mark))}" y="${geometry.top - 10}" text-anchor="middle">${figure(mark)} ${escapeText(unit)}</text>`;
  return `<svg viewBox="0 0 ${geometry.width} ${height}" role="img" aria-label="${escapeText(unit)} by row">${groups.join('')}${line}</svg>`;
}

/** Three significant digits. */
export const figure = (value: number): string => (value >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3))));

const number = (value: number): string => String(Math.round(value * 10) / 10);

export const escapeText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
