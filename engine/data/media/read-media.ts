import { readdirSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import type { AudioSettings, MediaSettings } from '../../document/media-settings.ts';
import { resolveNamed } from '../../files/named-path.ts';
import { readWholeFileSync } from '../../files/open-file.ts';
import { UserError } from '../../protocol/envelope.ts';
import type { PictureSize } from '../../shapes/value-type.ts';
import { audioFeatures, frameCount } from './audio-features.ts';
import { readPicture } from './picture.ts';
import { resample } from './resample.ts';
import { decodeWav } from './wav.ts';

export type Media = Exclude<MediaSettings, { kind: 'none' }>;

/** A recording is refused above this, before it is read into memory as samples. */
const longestSeconds = 600;
/** Ten minutes of stereo at 48 kHz in floats are 230 MB. */
const mostBytes = 256e6;
/** Of one example. */
const mostNumbers = 20e6;
/** A recording of fewer samples a second than this part of what is heard: nearly all of it would be made up. */
const leastShare = 1 / 100;

/**
 * Steps of numbers from the file that a cell names: frames of sound, one picture, or the pictures of a video. Takes as long as it
 * takes, and the thread with it: the engine calls `readMedia` of `media-threads.ts`.
 *
 * @param cell a path, relative to the folder of `table`
 * @returns `[T][F]`; T is 1 for an image
 * @throws UserError naming the file, for whatever keeps it from being read
 */
export async function readMediaHere(cell: string, table: string, media: Media): Promise<number[][]> {
  const path = resolveNamed(dirname(table), cell.trim());
  switch (media.kind) {
    case 'audio':
      return soundSteps(readBytes(path), media);
    case 'image':
      return [await readPicture(readBytes(path), media)];
    case 'frames': {
      const paths = framePaths(cell, table);
      checkNumbers(paths.length, media.height * media.width * media.channels, 'pictures');
      const steps: number[][] = [];
      for (const frame of paths) steps.push(await readPicture(readBytes(frame), media));
      return steps;
    }
  }
}

/** Size of the pictures that a binding asks for; `undefined` for anything else. */
export function mediaPictureSize(media: MediaSettings): PictureSize | undefined {
  if (media.kind !== 'image' && media.kind !== 'frames') return undefined;
  return { height: media.height, width: media.width, channels: media.channels };
}

/** Frames of a recording. @throws UserError `silent` when there is nothing to hear */
export function soundSteps(bytes: Uint8Array, settings: AudioSettings): number[][] {
  const sound = decodeWav(bytes);
  const seconds = sound.samples.length / sound.sampleRate;
  if (seconds > longestSeconds) {
    throw new UserError({
      code: 'too-long',
      message: `the recording lasts ${Math.round(seconds)} s, at most ${longestSeconds} s are read`,
      hint: 'Cut it into shorter ones.',
    });
  }
  if (sound.sampleRate < settings.sampleRate * leastShare) {
    throw new UserError({
      code: 'too-slow',
      message: `the recording has ${sound.sampleRate} samples a second, the network hears ${settings.sampleRate}: at least ${Math.ceil(settings.sampleRate * leastShare)} are needed`,
      hint: 'Is its header wrong? Otherwise lower the sample rate in the Data panel.',
    });
  }
  if (!sound.samples.some((sample) => Math.abs(sample) > 1e-5)) {
    throw new UserError({
      code: 'silent',
      message: sound.samples.length === 0 ? 'the recording is empty' : 'the recording is silent from beginning to end',
      hint: 'Record it again, or leave it out.',
    });
  }
  checkNumbers(frameCount(Math.round(seconds * settings.sampleRate), settings), settings.bands, 'frames');
  return audioFeatures(resample(sound, settings.sampleRate), settings);
}

/** Before they are made. @throws UserError `too-many-numbers` */
function checkNumbers(steps: number, width: number, what: string): void {
  if (steps * width <= mostNumbers) return;
  throw new UserError({
    code: 'too-many-numbers',
    message: `${steps} ${what} of ${width} numbers are too many: at most ${mostNumbers.toLocaleString('en')} numbers are read of one example`,
    hint: what === 'frames' ? 'Take fewer frames a second, or fewer bands.' : 'Take smaller pictures, or fewer.',
  });
}

const pictureFile = /\.(png|jpe?g)$/i;

function framePaths(cell: string, table: string): string[] {
  const folder = dirname(table);
  if (cell.includes(';')) return cell.split(';').map((part) => resolveNamed(folder, part.trim()));
  const path = resolveNamed(folder, cell.trim());
  if (pictureFile.test(extname(path))) return [path];
  try {
    const names = readdirSync(path).filter((name) => pictureFile.test(name));
    if (names.length === 0) throw new Error('it holds no PNG or JPEG files');
    return names.sort(byName).map((name) => join(path, name));
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** Numbers by their value: `2.png` comes before `10.png`. */
const byName = (a: string, b: string): number => a.localeCompare(b, 'en', { numeric: true }) || (a < b ? -1 : 1);

function readBytes(path: string): Uint8Array {
  try {
    return readWholeFileSync(path, mostBytes);
  } catch (error) {
    throw unreadable(path, error);
  }
}

function unreadable(path: string, error: unknown): UserError {
  const told = error instanceof UserError ? error.failure.message.replace(/\.$/, '') : null;
  return new UserError(
    {
      code: 'media-unreadable',
      message: told ?? `${path} cannot be read: ${reasonOf(error)}`,
      hint: 'Correct the path in the table.',
    },
    { cause: error },
  );
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'ENOTDIR') return 'it is no folder';
  return code === 'EACCES' || code === 'EPERM' ? 'it may not be opened' : message;
}
