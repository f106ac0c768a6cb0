import type { AudioSettings } from '../../document/media-settings.ts';

/** Below this a band is silence. */
const floor = 1e-10;

/**
 * What a recogniser hears, frame by frame: the logarithm of the power in bands that are spaced as the ear spaces them (log-mel), or
 * the first cepstral coefficients of it (MFCC).
 *
 * Frames of N samples under a periodic Hann window; power spectrum of N points; triangles on HTK's mel scale,
 * `2595 log10(1 + f / 700)`, from 0 to half the sample rate; natural logarithm of at least 1e-10; for MFCC the orthonormal DCT-II.
 * Source: Davis & Mermelstein 1980; Young et al., “The HTK Book”.
 *
 * @param samples at `settings.sampleRate`; shorter than a frame, zeros are added
 * @returns `[T][F]`, T frames
 */
export function audioFeatures(samples: Float32Array, settings: AudioSettings): number[][] {
  const { sampleRate, bands } = settings;
  const { size, hop } = framesOf(settings);
  const frames = frameCount(samples.length, settings);
  const spectrum = new PowerSpectrum(size);
  const triangles = melTriangles(bands, size, sampleRate);
  return Array.from({ length: frames }, (_unused, frame) => {
    const power = spectrum.of(samples, frame * hop);
    const mel = triangles.map(({ first, weights }) => {
      const sum = weights.reduce((total, weight, i) => total + weight * (power[first + i] ?? 0), 0);
      return Math.log(Math.max(floor, sum));
    });
    return settings.features === 'mfcc' ? cosineTransform(mel, Math.min(settings.coefficients, bands)) : mel;
  });
}

/** Samples of a frame, and from the start of one to the next. */
const framesOf = ({ frameMilliseconds, hopMilliseconds, sampleRate }: AudioSettings): { size: number; hop: number } => ({
  size: Math.max(2, Math.round((frameMilliseconds / 1000) * sampleRate)),
  hop: Math.max(1, Math.round((hopMilliseconds / 1000) * sampleRate)),
});

/** Frames of so many samples. */
export function frameCount(samples: number, settings: AudioSettings): number {
  const { size, hop } = framesOf(settings);
  return 1 + Math.max(0, Math.floor((samples - size) / hop));
}

/** `|DFT|²` of one windowed frame; frames are short, so the transform is written out with its angles looked up. */
class PowerSpectrum {
  readonly #size: number;
  readonly #window: Float64Array;
  readonly #cosine: Float64Array;
  readonly #sine: Float64Array;

  constructor(size: number) {
    const angle = (i: number): number => (2 * Math.PI * i) / size;
    this.#size = size;
    this.#window = Float64Array.from({ length: size }, (_unused, i) => 0.5 - 0.5 * Math.cos(angle(i)));
    this.#cosine = Float64Array.from({ length: size }, (_unused, i) => Math.cos(angle(i)));
    this.#sine = Float64Array.from({ length: size }, (_unused, i) => Math.sin(angle(i)));
  }

  of(samples: Float32Array, start: number): Float64Array {
    const size = this.#size;
    const frame = Float64Array.from({ length: size }, (_unused, i) => (samples[start + i] ?? 0) * (this.#window[i] ?? 0));
    return Float64Array.from({ length: Math.floor(size / 2) + 1 }, (_unused, bin) => {
      let [real, imaginary] = [0, 0];
      for (let i = 0, turn = 0; i < size; i++) {
        const value = frame[i] ?? 0;
        real += value * (this.#cosine[turn] ?? 0);
        imaginary -= value * (this.#sine[turn] ?? 0);
        turn += bin;
        if (turn >= size) turn -= size;
      }
      return real * real + imaginary * imaginary;
    });
  }
}

interface Triangle {
  /** Bin of the first weight. */
  readonly first: number;
  readonly weights: readonly number[];
}

/** The mel bands' weights of the bins of a spectrum. */
export function melTriangles(bands: number, size: number, sampleRate: number): readonly Triangle[] {
  const mel = (hertz: number): number => 2595 * Math.log10(1 + hertz / 700);
  const hertz = (value: number): number => 700 * (10 ** (value / 2595) - 1);
  const top = mel(sampleRate / 2);
  const edges = Array.from({ length: bands + 2 }, (_unused, i) => hertz((top * i) / (bands + 1)));
  const bins = Math.floor(size / 2) + 1;
  return Array.from({ length: bands }, (_unused, band) => {
    const [low = 0, middle = 0, high = 0] = edges.slice(band, band + 3);
    const weights: number[] = [];
    let first = -1;
    for (let bin = 0; bin < bins; bin++) {
      const f = (bin * sampleRate) / size;
      const weight = Math.min((f - low) / (middle - low), (high - f) / (high - middle));
      if (weight <= 0) continue;
      if (first < 0) first = bin;
      weights.push(weight);
    }
    return { first: Math.max(0, first), weights };
  });
}

/** The first `count` values of the orthonormal DCT-II. */
function cosineTransform(values: readonly number[], count: number): number[] {
  const size = values.length;
  return Array.from({ length: count }, (_unused, k) => {
    const sum = values.reduce((total, value, i) => total + value * Math.cos((Math.PI / size) * (i + 0.5) * k), 0);
    return sum * Math.sqrt((k === 0 ? 1 : 2) / size);
  });
}
