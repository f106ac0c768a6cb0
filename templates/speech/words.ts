/** A stretch of speech: resonances in hertz that move from `from` to `to`, how much of it is voiced, how loud and how long it is. */
export interface Sound {
  readonly from: Formants;
  readonly to: Formants;
  /** 1 is voiced, 0 is noise alone. */
  readonly voicing: number;
  readonly loudness: number;
  readonly milliseconds: number;
  /** Middle and width of the noise of a fricative or a burst, in hertz. */
  readonly noise?: readonly [number, number];
}

type Formants = readonly [number, number, number];

const vowel = (milliseconds: number, from: Formants, to: Formants = from): Sound => ({
  from,
  to,
  voicing: 1,
  loudness: 1,
  milliseconds,
});
const sonorant = (milliseconds: number, from: Formants, to: Formants = from): Sound => ({
  ...vowel(milliseconds, from, to),
  loudness: 0.45,
});
const hiss = (milliseconds: number, middle: number, width: number, loudness: number, voicing = 0): Sound => ({
  from: [250, 1500, 2500],
  to: [250, 1500, 2500],
  voicing,
  loudness,
  milliseconds,
  noise: [middle, width],
});
const silence = (milliseconds: number): Sound => ({ ...hiss(milliseconds, 1000, 1000, 0) });

// Resonances of American English vowels, men. Source: Peterson & Barney 1952.
const ee: Formants = [270, 2290, 3010];
const ih: Formants = [390, 1990, 2550];
const eh: Formants = [530, 1840, 2480];
const ah: Formants = [730, 1090, 2440];
const aw: Formants = [570, 840, 2410];
const oo: Formants = [300, 870, 2240];
const uh: Formants = [640, 1190, 2390];
const er: Formants = [490, 1350, 1690];
const n: Formants = [250, 1600, 2500];
const r: Formants = [330, 1100, 1500];
const w: Formants = [290, 650, 2200];

/** The ten digits, as one would say them with a small mouth of tubes. */
export const words: Readonly<Record<string, readonly Sound[]>> = {
  zero: [hiss(80, 3300, 900, 0.4, 0.5), vowel(90, ih, er), sonorant(50, r), vowel(150, aw, oo)],
  one: [sonorant(60, w), vowel(140, w, uh), sonorant(90, n)],
  two: [silence(40), hiss(45, 3000, 1400, 0.6), vowel(200, [320, 1500, 2300], oo)],
  three: [hiss(90, 2600, 2200, 0.15), sonorant(45, r), vowel(200, r, ee)],
  four: [hiss(95, 2400, 2600, 0.18), vowel(130, aw), vowel(90, aw, er)],
  five: [hiss(90, 2400, 2600, 0.18), vowel(210, ah, ih), hiss(70, 2200, 2400, 0.15, 0.6)],
  six: [hiss(110, 3500, 700, 0.5), vowel(80, ih), silence(50), hiss(25, 1800, 900, 0.5), hiss(110, 3500, 700, 0.5)],
  seven: [hiss(105, 3500, 700, 0.5), vowel(90, eh), hiss(50, 2200, 2400, 0.15, 0.6), vowel(60, uh), sonorant(90, n)],
  eight: [vowel(170, eh, ee), silence(60), hiss(35, 3000, 1400, 0.5)],
  nine: [sonorant(70, n), vowel(200, ah, ih), sonorant(90, n)],
};
