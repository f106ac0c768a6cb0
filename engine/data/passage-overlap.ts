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
  for (const split of ['validation', 'test'] as const) {
    const ids = splits[split];
    const different = Math.max(2, length * variety);
    for (let start = 0; start + length <= ids.length; start += length) {
      const tokens = Array.from({ length }, (_unused, i) => ids[start + i] ?? 0);
      if (new Set(tokens).size < different) continue;
      const passage = { split, start, found: false };
      all.push(passage);
      const key = hashOf(tokens);
      wanted.set(key, [...(wanted.get(key) ?? []), passage]);
      if (turns.over) await turns.pass();
    }
  }
  const look = async (ids: Ids, within: 'train' | 'validation'): Promise<void> => {
    const rolling = new RollingHash(length);
    for (let i = 0; i < ids.length; i++) {
      rolling.push(ids[i] ?? 0, i >= length ? (ids[i - length] ?? 0) : null);
      if (i + 1 >= length)
        for (const passage of wanted.get(rolling.key) ?? [])
          if (within === 'train' || passage.split === 'test') passage.found = true;
      if (turns.over) await turns.pass();
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

function hashOf(tokens: readonly number[]): number {
  const rolling = new RollingHash(tokens.length);
  for (const token of tokens) rolling.push(token, null);
  return rolling.key;
}

/** Two polynomials modulo 2^32, of which 53 bits are kept: a passage found by chance is not to be expected. */
class RollingHash {
  #a = 0;
  #b = 0;
  readonly #lastA: number;
  readonly #lastB: number;

  constructor(length: number) {
    let [a, b] = [1, 1];
    for (let i = 0; i < length; i++) [a, b] = [Math.imul(a, baseA), Math.imul(b, baseB)];
    [this.#lastA, this.#lastB] = [a, b];
  }

  /** @param out the token that leaves the passage; `null` while it is not full */
  push(token: number, out: number | null): void {
    this.#a = (Math.imul(this.#a, baseA) + mixed(token)) | 0;
    this.#b = (Math.imul(this.#b, baseB) + mixed(token ^ 0x5bd1e995)) | 0;
    if (out === null) return;
    this.#a = (this.#a - Math.imul(this.#lastA, mixed(out))) | 0;
    this.#b = (this.#b - Math.imul(this.#lastB, mixed(out ^ 0x5bd1e995))) | 0;
  }

  get key(): number {
    return (this.#a >>> 0) * 2 ** 21 + (this.#b >>> 11);
  }
}

const baseA = 0x01000193;
const baseB = 0x85ebca6b;

/** Spreads small numbers over all bits. */
function mixed(token: number): number {
  const once = Math.imul(token ^ (token >>> 16), 0x21f0aaad);
  return Math.imul(once ^ (once >>> 15), 0x735a2d97) | 0;
}
