import type { Random } from '../../engine/random.ts';

/** One who speaks: what stays the same from word to word. */
export interface Voice {
  readonly name: string;
  /** Hertz, at the beginning of a word. */
  readonly pitch: number;
  /** Resonances relative to those of an average man: shorter vocal tracts have higher ones. */
  readonly formants: number;
  /** Noise beside the voice, 0 … 1. */
  readonly breath: number;
  /** Seconds relative to an average speaker. */
  readonly pace: number;
  /** Each vowel's resonances are off by factors of its own: an accent. */
  readonly accent: readonly number[];
}

/** Voices from low and slow to high and fast, with accents. @param sounds that an accent changes */
export function voices(random: Random, count: number, sounds: number): Voice[] {
  return Array.from({ length: count }, (_unused, i) => {
    const small = random.uniform();
    return {
      name: `voice ${i + 1}`,
      pitch: 85 * 2.6 ** (0.75 * small + 0.25 * random.uniform()),
      formants: 0.94 + 0.3 * small + 0.04 * random.normal(),
      breath: 0.02 + 0.15 * random.uniform(),
      pace: 0.8 + 0.5 * random.uniform(),
      accent: Array.from({ length: sounds }, () => 1 + 0.05 * random.normal()),
    };
  });
}
