import { z } from 'zod';

const size = {
  height: z.number().int().min(1).max(512).default(32),
  width: z.number().int().min(1).max(512).default(32),
  /** 1 grey, 3 colours. */
  channels: z.union([z.literal(1), z.literal(3)]).default(3),
};

/** Recordings: what each frame of sound becomes. */
export const audioSettings = z.strictObject({
  kind: z.literal('audio'),
  /** Samples per second that every recording is brought to. */
  sampleRate: z.number().int().min(2000).max(96_000).default(16_000),
  features: z.enum(['log-mel', 'mfcc']).default('log-mel'),
  bands: z.number().int().min(4).max(256).default(40),
  /** Of MFCC. */
  coefficients: z.number().int().min(2).max(256).default(13),
  frameMilliseconds: z.number().min(2).max(500).default(25),
  hopMilliseconds: z.number().min(1).max(500).default(10),
});

/** What the input column holds: its own text or numbers, or the path of a file (relative to the table that names it). */
export const mediaSettings = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  audioSettings,
  /** One picture per example. */
  z.strictObject({ kind: z.literal('image'), ...size }),
  /** A folder of pictures per example, in the order of their names; or several paths between semicolons. */
  z.strictObject({ kind: z.literal('frames'), ...size }),
]);

export type MediaSettings = z.infer<typeof mediaSettings>;
export type AudioSettings = z.infer<typeof audioSettings>;

const recording = /\.wav$/i;
const picture = /\.(png|jpe?g)$/i;

/** What kind of files a column's cells name, from its first cells: 'none' where they name no files that can be read. */
export function mediaKindOf(cells: readonly string[]): MediaSettings['kind'] {
  const filled = cells.map((cell) => cell.trim()).filter((cell) => cell !== '');
  if (filled.length === 0) return 'none';
  if (filled.every((cell) => recording.test(cell))) return 'audio';
  const parts = filled.map((cell) => cell.split(';').map((part) => part.trim()));
  if (!parts.every((paths) => paths.every((path) => picture.test(path)))) return 'none';
  return parts.some((paths) => paths.length > 1) ? 'frames' : 'image';
}
