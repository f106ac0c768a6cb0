import { Smoothing } from './smoothing.ts';

const blockSize = 64;
/** Points that are looked at between two looks at the clock: a few tens of microseconds. */
const pointsAtOnce = 1024;

/**
 * A curve as it is drawn, which follows an array that only grows at its end: of a million points, those that came since the last picture
 * are looked at, and no others. What is smoothed, and the lowest and highest point of every 64, is kept.
 */
export class GrowingCurve {
  readonly #source: readonly (number | null)[];
  readonly #logarithmic: boolean;
  readonly #weight: number;
  readonly #smoothing: Smoothing;
  /** Not a number where nothing is drawn. */
  readonly #values: number[] = [];
  /** Index of the lowest and the highest value of each block, −1 where it has none. */
  readonly #lows: number[] = [];
  readonly #highs: number[] = [];
  readonly #breaks: number[] = [];

  constructor(source: readonly (number | null)[], weight: number, logarithmic: boolean) {
    this.#source = source;
    this.#weight = weight;
    this.#logarithmic = logarithmic;
    this.#smoothing = new Smoothing(weight);
  }

  /** Takes what has come since. */
  catchUp(): this {
    this.advance(Number.POSITIVE_INFINITY);
    return this;
  }

  /** Takes of what has come since as much as so many milliseconds allow. @returns whether that was all */
  advance(milliseconds: number): boolean {
    const end = performance.now() + milliseconds;
    for (let i = this.#values.length; i < this.#source.length; i++) {
      if (i % pointsAtOnce === 0 && performance.now() > end) return false;
      this.#add(i, this.#source[i] ?? Number.NaN);
    }
    return true;
  }

  at(index: number): number | null {
    const value = this.#values[index];
    return value === undefined || Number.isNaN(value) ? null : value;
  }

  /** Indices of the first of each stretch of values that are no finite numbers. */
  get breaks(): readonly number[] {
    return this.#breaks;
  }

  /** Indices of the lowest and the highest drawn point from `start` to before `end`; `start` where there is none. */
  extremes(start: number, end: number): readonly [lowest: number, highest: number] {
    let [low, high] = [-1, -1];
    const take = (lowest: number, highest: number): void => {
      if (lowest >= 0 && !((this.#values[lowest] ?? 0) >= (this.#values[low] ?? Number.POSITIVE_INFINITY))) low = lowest;
      if (highest >= 0 && !((this.#values[highest] ?? 0) <= (this.#values[high] ?? Number.NEGATIVE_INFINITY))) high = highest;
    };
    for (let i = start; i < end; ) {
      if (i % blockSize === 0 && i + blockSize <= end) {
        const block = i / blockSize;
        take(this.#lows[block] ?? -1, this.#highs[block] ?? -1);
        i += blockSize;
      } else {
        if (!Number.isNaN(this.#values[i])) take(i, i);
        i++;
      }
    }
    return [low < 0 ? start : low, high < 0 ? start : high];
  }

  #add(index: number, value: number): void {
    const finite = Number.isFinite(value);
    if (!finite && (index === 0 || Number.isFinite(this.#source[index - 1]))) this.#breaks.push(index);
    const drawn = finite && (!this.#logarithmic || value > 0);
    const shown = !drawn ? Number.NaN : this.#weight > 0 ? this.#smoothing.add(value) : value;
    this.#values.push(shown);
    const block = Math.floor(index / blockSize);
    if (index % blockSize === 0) {
      this.#lows.push(-1);
      this.#highs.push(-1);
    }
    if (!drawn) return;
    if (!(shown >= (this.#values[this.#lows[block] ?? -1] ?? Number.POSITIVE_INFINITY))) this.#lows[block] = index;
    if (!(shown <= (this.#values[this.#highs[block] ?? -1] ?? Number.NEGATIVE_INFINITY))) this.#highs[block] = index;
  }
}

const known = new WeakMap<readonly (number | null)[], Map<string, GrowingCurve>>();

/** The curve of an array, caught up; the same object as long as the array is the same. */
export function curveOf(source: readonly (number | null)[], weight: number, logarithmic: boolean): GrowingCurve {
  return knownCurve(source, weight, logarithmic).catchUp();
}

/** The same, as far as it was caught up with. */
export function knownCurve(source: readonly (number | null)[], weight: number, logarithmic: boolean): GrowingCurve {
  const own = known.get(source) ?? new Map<string, GrowingCurve>();
  known.set(source, own);
  const key = `${weight} ${logarithmic}`;
  const found = own.get(key) ?? new GrowingCurve(source, weight, logarithmic);
  // Of the weights that were tried, the newest and none are kept.
  for (const other of own.keys()) if (other !== key && !other.startsWith('0 ') && weight > 0) own.delete(other);
  own.set(key, found);
  return found;
}
