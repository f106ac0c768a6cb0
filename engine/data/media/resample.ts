import type { Sound } from './wav.ts';

/** Zero crossings of the filter on either side. */
const halfWidth = 16;

/**
 * The same sound at another sample rate: band-limited interpolation with a Hann-windowed sinc, which cuts what the lower rate cannot
 * hold. Source: J. O. Smith, “Digital Audio Resampling”.
 */
export function resample({ sampleRate, samples }: Sound, wanted: number): Float32Array {
  if (sampleRate === wanted) return samples;
  const ratio = wanted / sampleRate;
  const cutoff = Math.min(1, ratio);
  const reach = halfWidth / cutoff;
  const resampled = new Float32Array(Math.max(1, Math.round(samples.length * ratio)));
  for (let i = 0; i < resampled.length; i++) {
    const centre = i / ratio;
    let sum = 0;
    for (let k = Math.ceil(centre - reach); k <= centre + reach; k++) {
      if (k < 0 || k >= samples.length) continue;
      const distance = centre - k;
      const x = Math.PI * distance * cutoff;
      const sinc = x === 0 ? 1 : Math.sin(x) / x;
      sum += (samples[k] ?? 0) * cutoff * sinc * (0.5 + 0.5 * Math.cos((Math.PI * distance) / reach));
    }
    resampled[i] = sum;
  }
  return resampled;
}
