const units = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** An amount of bytes for people, in powers of 1000 and three digits at most: `501 B`, `1.23 kB`, `412 MB`, `28.9 GB`. */
export function byteWords(bytes: number): string {
  const shown = Number(bytes.toPrecision(3));
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, shown)) / 3)));
  return `${(shown / 1000 ** power).toLocaleString('en', { maximumSignificantDigits: 3 })} ${units[power]}`;
}
