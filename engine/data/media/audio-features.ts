import { cfft, cifft } from 'fourier-transform';
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

/**
 * `|DFT|²` of one windowed frame of any size, by transforms of powers of two. Source: Bluestein 1970, “A linear filtering approach to
 * the computation of discrete Fourier transform”.
 */
class PowerSpectrum {
  readonly #size: number;
  readonly #window: Float64Array;
  /** `exp(-iπn²/N)`, real and imaginary parts. */
  readonly #chirp: readonly [Float64Array, Float64Array];
  /** Transform of what a frame under the chirp is convolved with. */
  readonly #filter: readonly [Float64Array, Float64Array];

  constructor(size: number) {
    const turns = (part: (angle: number) => number): Float64Array =>
      Float64Array.from({ length: size }, (_unused, n) => part((Math.PI * ((n * n) % (2 * size))) / size));
    const [real, imaginary] = [turns(Math.cos), turns((angle) => -Math.sin(angle))];
    const points = 2 ** Math.ceil(Math.log2(2 * size - 1));
    const filter = [new Float64Array(points), new Float64Array(points)] as const;
    for (let n = 0; n < size; n++) {
      for (const at of [n, (points - n) % points]) {
        filter[0][at] = real[n] ?? 0;
        filter[1][at] = -(imaginary[n] ?? 0);
      }
    }
    cfft(...filter);
    this.#size = size;
    this.#window = Float64Array.from({ length: size }, (_unused, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / size));
    this.#chirp = [real, imaginary];
    this.#filter = filter;
  }

  of(samples: Float32Array, start: number): Float64Array {
    const [chirpReal, chirpImaginary] = this.#chirp;
    const [filterReal, filterImaginary] = this.#filter;
    const real = new Float64Array(filterReal.length);
    const imaginary = new Float64Array(filterReal.length);
    for (let n = 0; n < this.#size; n++) {
      const value = (samples[start + n] ?? 0) * (this.#window[n] ?? 0);
      real[n] = value * (chirpReal[n] ?? 0);
      imaginary[n] = value * (chirpImaginary[n] ?? 0);
    }
    cfft(real, imaginary);
    for (let k = 0; k < real.length; k++) {
      const [a, b, c, d] = [real[k] ?? 0, imaginary[k] ?? 0, filterReal[k] ?? 0, filterImaginary[k] ?? 0];
      real[k] = a * c - b * d;
      imaginary[k] = a * d + b * c;
    }
    cifft(real, imaginary);
    // The chirp that is left turns each value, and does not change its power.
    return Float64Array.from(
      { length: Math.floor(this.#size / 2) + 1 },
      (_unused, bin) => (real[bin] ?? 0) ** 2 + (imaginary[bin] ?? 0) ** 2,
    );
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
