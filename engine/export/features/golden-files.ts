import { encode as encodePng } from 'fast-png';
import { encodeWav } from '../../data/media/encode-wav.ts';
import { readPicture } from '../../data/media/picture.ts';
import { soundSteps } from '../../data/media/read-media.ts';
import type { MediaSettings } from '../../document/media-settings.ts';
import { Random } from '../../random.ts';
import type { GoldenFile } from '../pytorch/goldens.ts';

/** Small files of the kind that the network reads, and what the app makes of them; none where it reads no files. */
export async function goldenFiles(media: MediaSettings, seed: number): Promise<GoldenFile[]> {
  const random = new Random(seed, 'golden files');
  switch (media.kind) {
    case 'none':
      return [];
    case 'audio': {
      const bytes = sound(random);
      return [golden('recording.wav', bytes, soundSteps(bytes, media))];
    }
    default: {
      const bytes = picture(random);
      return [golden('picture.png', bytes, [await readPicture(bytes, media)])];
    }
  }
}

const golden = (name: string, bytes: Uint8Array, features: GoldenFile['features']): GoldenFile => ({
  name,
  base64: Buffer.from(bytes).toString('base64'),
  features,
});

/** A tenth of a second of two rising tones and noise in two channels, at a sample rate that hardly anything is trained with. */
function sound(random: Random): Uint8Array {
  const sampleRate = 11_025;
  const channel = (hertz: number): Float32Array =>
    Float32Array.from({ length: 1200 }, (_unused, i) => {
      const time = i / sampleRate;
      return 0.4 * Math.sin(2 * Math.PI * hertz * (1 + 2 * time) * time) + 0.05 * random.normal();
    });
  return encodeWav([channel(440), channel(1700)], sampleRate);
}

/** Noise in colour, partly transparent: 13 × 9 pixels. */
function picture(random: Random): Uint8Array {
  const [width, height, channels] = [13, 9, 4];
  const data = Uint8Array.from({ length: width * height * channels }, () => random.below(256));
  return encodePng({ width, height, channels, data });
}
