import type { TokenizerSettings } from '../document/data-binding.ts';
import type { Turns } from './turns.ts';

/** Tokens of one split of a running text, in order. */
type Ids = ArrayLike<number>;

/** Passages of the validation and test text that stand, token for token, in an earlier split too. */
export interface PassageOverlap {
  /** Tokens of a passage. */
  readonly length: number;
  readonly found: number;
  /** All passages of both splits. */
  readonly of: number;
  /** Tokens of the first ones found. */
  readonly examples: readonly (readonly number[])[];
}

/** Tokens that hardly ever follow each other twice by chance: about thirty words. */
export const passageLength: Readonly<Record<TokenizerSettings['level'], number>> = { word: 30, subword: 40, character: 160 };

/** Fewer different tokens than this share of a passage make a rule, a table or blanks of it: such lines recur in any text. */
const variety = 1 / 8;
const shown = 3;

interface Passage {
  readonly split: 'validation' | 'test';
  readonly start: number;
  found: boolean;
}

/**
 * Looks the passages of validation and test, cut one after the other, up at every place of the training text, and those of the test up in
 * the validation text (a rolling hash, after Rabin and Karp 1987). Time is that of reading the texts once, memory one entry a passage.
 */
export async function findPassages(
  splits: { readonly train: Ids; readonly validation: Ids; readonly test: Ids },
  length: number,
  turns: Turns,
): Promise<PassageOverlap> {
  const wanted = new Map<number, Passage[]>();
  const all: Passage[] = [];
  const ends: number[] = [];
  const rolling = new RollingHash(length, Math.max(...Object.values(splits).map(largest)));
  for (const split of ['validation', 'test'] as const) {
    const ids = splits[split];
    const different = Math.max(2, length * variety);
    for (let start = 0; start + length <= ids.length; start += length) {
      if (rolling.variety(ids, start) < different) continue;
      const passage = { split, start, found: false };
      all.push(passage);
      const key = rolling.keyOf(ids, start);
      ends.push(rolling.endOf(ids, start));
      const same = wanted.get(key);
      if (same) same.push(passage);
      else wanted.set(key, [passage]);
      if (turns.over) await turns.pass();
    }
  }
  rolling.lookFor(ends);
  const look = async (ids: Ids, within: 'train' | 'validation'): Promise<void> => {
    const find = (key: number): void => {
      for (const passage of wanted.get(key) ?? []) if (within === 'train' || passage.split === 'test') passage.found = true;
    };
    for (let from = 0; from < ids.length; from += turnTokens) {
      rolling.slide(ids, from, Math.min(from + turnTokens, ids.length), find);
      await turns.pass();
    }
  };
  if (all.length > 0) await look(splits.train, 'train');
  if (all.some(({ split }) => split === 'test')) await look(splits.validation, 'validation');
  const found = all.filter((passage) => passage.found);
  return {
    length,
    found: found.length,
    of: all.length,
    examples: found
      .slice(0, shown)
      .map(({ split, start }) => Array.from({ length }, (_unused, i) => splits[split][start + i] ?? 0)),
  };
}

function largest(ids: Ids): number {
  let most = 0;
  for (let i = 0; i < ids.length; i++) if ((ids[i] ?? 0) > most) most = ids[i] ?? 0;
  return most;
}

/** Tokens between two turns of other work: about 5 ms. */
const turnTokens = 1 << 20;

/**
 * Two polynomials modulo 2^32, of which 53 bits are kept: a passage found by chance is not to be expected. They are worked out only
 * where the last few tokens are those of a passage that is looked for, which a polynomial of these alone tells.
 */
class RollingHash {
  readonly #length: number;
  /** What each token adds to the polynomials as it comes `[tokens]`. */
  readonly #comesA: Int32Array;
  readonly #comesB: Int32Array;
  /** The passage in which each token was last seen `[tokens]`. */
  readonly #seenIn: Int32Array;
  #seen = 0;
  /** A multiple of so high a power of two that a token leaves the polynomial by itself after at most eight others, or a passage. */
  readonly #endBase: number;
  #end = 0;
  /** A bit for each value of the first bits of an end: 0 where no passage that is looked for has them. Almost every place ends there. */
  #filter = new Int32Array(1).fill(-1);
  #shift = 27;
  #ends: ReadonlySet<number> = new Set();

  /**
   * @param length at least 2
   * @param most the largest token
   */
  constructor(length: number, most: number) {
    this.#length = length;
    this.#endBase = baseA << Math.max(4, Math.ceil(32 / length));
    this.#comesA = Int32Array.from({ length: most + 1 }, (_unused, token) => mixed(token));
    this.#seenIn = new Int32Array(most + 1);
    this.#comesB = this.#comesA.map((_unused, token) => mixed(token ^ 0x5bd1e995));
  }

  /** From now on only passages with these ends are told. */
  lookFor(ends: readonly number[]): void {
    const bits = Math.min(27, Math.max(10, Math.ceil(Math.log2(32 * ends.length + 1))));
    this.#shift = 32 - bits;
    this.#filter = new Int32Array(2 ** (bits - 5));
    this.#ends = new Set(ends);
    for (const end of ends) {
      const place = end >>> this.#shift;
      this.#filter[place >>> 5] = (this.#filter[place >>> 5] ?? 0) | (1 << (place & 31));
    }
  }

  /** How many different tokens a passage has. */
  variety(ids: Ids, start: number): number {
    this.#seen++;
    let different = 0;
    for (let i = start; i < start + this.#length; i++) {
      const token = ids[i] ?? 0;
      if (this.#seenIn[token] === this.#seen) continue;
      this.#seenIn[token] = this.#seen;
      different++;
    }
    return different;
  }

  /** The hash of one passage. */
  keyOf(ids: Ids, start: number): number {
    let [a, b] = [0, 0];
    for (let i = start; i < start + this.#length; i++) {
      const token = ids[i] ?? 0;
      a = (Math.imul(a, baseA) + (this.#comesA[token] ?? 0)) | 0;
      b = (Math.imul(b, baseB) + (this.#comesB[token] ?? 0)) | 0;
    }
    return (a >>> 0) * 2 ** 21 + (b >>> 11);
  }

  /** The hash of its last tokens. */
  endOf(ids: Ids, start: number): number {
    let end = 0;
    for (let i = start; i < start + this.#length; i++)
      end = (Math.imul(end, this.#endBase) + (this.#comesA[ids[i] ?? 0] ?? 0)) | 0;
    return end;
  }

  /** Tells the hash of each passage that ends in a range of a text, if one that is looked for ends so; ranges of one text in order. */
  slide(ids: Ids, from: number, to: number, tell: (key: number) => void): void {
    const [length, base, comes, filter, shift] = [this.#length, this.#endBase, this.#comesA, this.#filter, this.#shift];
    let end = from === 0 ? 0 : this.#end;
    for (let i = from; i < to; i++) {
      end = (Math.imul(end, base) + (comes[ids[i] ?? 0] ?? 0)) | 0;
      const place = end >>> shift;
      if (((filter[place >>> 5] ?? 0) & (1 << (place & 31))) === 0 || i + 1 < length || !this.#ends.has(end)) continue;
      tell(this.keyOf(ids, i + 1 - length));
    }
    this.#end = end;
  }
}

const baseA = 0x01000193;
const baseB = 0x85ebca6b;

/** Spreads small numbers over all bits. */
function mixed(token: number): number {
  const once = Math.imul(token ^ (token >>> 16), 0x21f0aaad);
  return Math.imul(once ^ (once >>> 15), 0x735a2d97) | 0;
}
