import type { Random } from '../../engine/random.ts';
import type { Voice } from './voices.ts';
import type { Sound } from './words.ts';

/** How one utterance differs from another of the same voice. */
export interface Manner {
  /** Factor of the voice's pitch. */
  readonly pitch: number;
  /** Factor of the voice's pace. */
  readonly pace: number;
  /** Deviation of the noise around the speaker, the loudest speech being about 1. */
  readonly noise: number;
  /** Seconds of that noise before and after the word. */
  readonly pauses: readonly [number, number];
}

/** Widths of the three resonances in hertz. */
const widths = [70, 100, 150] as const;

/**
 * A word as samples: pulses of the voice and noise through three resonances in a row, as the throat and mouth do it.
 *
 * Source: Klatt 1980, “Software for a cascade/parallel formant synthesizer”.
 *
 * @returns about -1 … 1
 */
export function speak(
  random: Random,
  sounds: readonly Sound[],
  voice: Voice,
  { pitch, pace, noise, pauses }: Manner,
  sampleRate: number,
): Float32Array {
  const lengths = sounds.map((sound) => Math.round((sound.milliseconds / 1000) * voice.pace * pace * sampleRate));
  const [before, after] = pauses.map((seconds) => Math.round(seconds * sampleRate));
  const spoken = lengths.reduce((sum, length) => sum + length, 0);
  const samples = new Float32Array((before ?? 0) + spoken + (after ?? 0));
  const mouth = widths.map((width) => new Resonator(width, sampleRate, 'low'));
  const teeth = new Resonator(1000, sampleRate, 'peak');
  let at = before ?? 0;
  let phase = 0;
  let loudness = 0;
  sounds.forEach((sound, index) => {
    const length = lengths[index] ?? 0;
    const accent = voice.accent[index % voice.accent.length] ?? 1;
    for (let i = 0; i < length; i++, at++) {
      const along = i / length;
      // Pitch falls towards the end of a word, and trembles.
      const fall = 1.1 - 0.25 * ((at - (before ?? 0)) / spoken);
      phase += (voice.pitch * pitch * fall * (1 + 0.01 * random.normal())) / sampleRate;
      const pulse = phase >= 1 ? 1 : 0;
      if (pulse === 1) phase -= 1;
      const breath = random.normal();
      let voiced = 12 * pulse + voice.breath * breath;
      mouth.forEach((resonator, k) => {
        const hertz = ((sound.from[k] ?? 0) * (1 - along) + (sound.to[k] ?? 0) * along) * voice.formants * (k === 0 ? 1 : accent);
        voiced = resonator.pass(voiced, hertz);
      });
      const hiss = sound.noise ? teeth.pass(breath, sound.noise[0] * voice.formants ** 0.5, sound.noise[1]) : 0;
      // Loudness follows what is wanted within some milliseconds: no clicks between sounds.
      loudness += (sound.loudness - loudness) / (0.006 * sampleRate);
      samples[at] = loudness * (0.25 * sound.voicing * voiced + (1 - sound.voicing / 2) * hiss);
    }
  });
  for (let i = 0; i < samples.length; i++) samples[i] = (samples[i] ?? 0) + noise * random.normal();
  return samples;
}

/** Resonance of two poles, below the highest pitch that the samples can hold. */
class Resonator {
  readonly #width: number;
  readonly #rate: number;
  #last = 0;
  #lastButOne = 0;
  readonly #gain: 'low' | 'peak';

  /** @param gain where the gain is 1: at 0 Hz, so that resonances in a row leave the voice's loudness alone; or at the peak */
  constructor(width: number, sampleRate: number, gain: 'low' | 'peak') {
    this.#width = width;
    this.#rate = sampleRate;
    this.#gain = gain;
  }

  pass(input: number, hertz: number, width = this.#width): number {
    const radius = Math.exp((-Math.PI * width) / this.#rate);
    const angle = (2 * Math.PI * Math.min(hertz, 0.47 * this.#rate)) / this.#rate;
    const b = 2 * radius * Math.cos(angle);
    const c = -radius * radius;
    const peak = (1 - radius) * Math.sqrt(1 - 2 * radius * Math.cos(2 * angle) + radius * radius);
    const output = (this.#gain === 'low' ? 1 - b - c : peak) * input + b * this.#last + c * this.#lastButOne;
    this.#lastButOne = this.#last;
    this.#last = output;
    return output;
  }
}
