/** How a PNG writes its pixels. */
export interface PngPixels {
  /** Bits of a sample. */
  readonly depth: number;
  /** 0 grey, 2 colours, 3 numbers of the palette, 4 grey and opacity, 6 colours and opacity. */
  readonly colourType: number;
  /** Samples of a pixel. */
  readonly channels: number;
  /** Red, green, blue of each entry. */
  readonly palette: Uint8Array | null;
  /** Content of `tRNS`: opacity of the palette's entries, or the colour that is transparent. */
  readonly transparency: Uint8Array | null;
}

/**
 * Colours of one row, 0 … 1, on white where they are transparent.
 *
 * Of 16 bits, colours give their upper 8 and grey alone all 16, as Pillow reads them, which the exported code uses.
 *
 * @param row samples as the file has them, unfiltered
 * @param colours gets red, green, blue of each of `count` pixels
 */
export function pngColours(png: PngPixels, row: Uint8Array, count: number, colours: Float64Array): void {
  const { depth, colourType, channels, palette, transparency } = png;
  const alone = colourType === 0;
  const largest = depth === 16 && !alone ? 255 : 2 ** depth - 1;
  const hidden = transparency !== null && channels !== 2 && channels !== 4 ? transparentColour(png, transparency) : null;
  const opaque = channels % 2 === 1;
  for (let i = 0; i < count; i++) {
    const at = i * channels;
    if (colourType === 3) {
      const entry = sampleAt(row, at, depth);
      const opacity = (transparency?.[entry] ?? 255) / 255;
      for (let c = 0; c < 3; c++) colours[3 * i + c] = ((palette?.[3 * entry + c] ?? 0) / 255) * opacity + 1 - opacity;
      continue;
    }
    let opacity = opaque ? 1 : upperAt(row, at + channels - 1, depth, alone) / largest;
    if (hidden !== null) {
      let same = true;
      for (let c = 0; c < channels; c++) same &&= sampleAt(row, at + c, depth) === hidden[c];
      if (same) opacity = 0;
    }
    for (let c = 0; c < 3; c++) {
      const value = upperAt(row, at + (channels < 3 ? 0 : c), depth, alone) / largest;
      colours[3 * i + c] = value * opacity + 1 - opacity;
    }
  }
}

/** A row's sample of 1, 2, 4, 8 or 16 bits, the leftmost in the highest bits of a byte. */
function sampleAt(row: Uint8Array, index: number, depth: number): number {
  if (depth === 8) return row[index] ?? 0;
  if (depth === 16) return ((row[2 * index] ?? 0) << 8) | (row[2 * index + 1] ?? 0);
  const bit = index * depth;
  return ((row[bit >> 3] ?? 0) >> (8 - depth - (bit & 7))) & (2 ** depth - 1);
}

const upperAt = (row: Uint8Array, index: number, depth: number, whole: boolean): number =>
  depth === 16 && !whole ? (row[2 * index] ?? 0) : sampleAt(row, index, depth);

/** The one colour that is transparent; `null` where the file gives no whole one. */
function transparentColour({ colourType, channels }: PngPixels, content: Uint8Array): readonly number[] | null {
  if (colourType === 3 || content.length < 2 * channels) return null;
  return Array.from({ length: channels }, (_unused, c) => sampleAt(content, c, 16));
}
