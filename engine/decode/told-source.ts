import { specialTokens } from '../data/dataset.ts';
import type { NextTokens, TokenSource } from './token-source.ts';

/** Probabilities of the next token after what was said so far `[V]`; they need not sum to 1. */
export type Tell = (said: readonly number[]) => readonly number[];

/** A source without a model, for tests: what comes next, and what is attended to, is told by functions of what was said. */
export class ToldSource implements TokenSource {
  readonly vocabulary: number;
  readonly #tell: Tell;
  readonly #attend: Tell | null;
  #said: readonly (readonly number[])[];

  constructor(vocabulary: number, tell: Tell, rows = 1, attend: Tell | null = null) {
    this.vocabulary = vocabulary;
    this.#tell = tell;
    this.#attend = attend;
    this.#said = Array.from({ length: rows }, () => []);
  }

  get rows(): number {
    return this.#said.length;
  }

  async next(tokens: Int32Array): Promise<NextTokens> {
    this.#said = this.#said.map((said, row) => [...said, tokens[row] ?? 0]);
    const read = this.#said.map((said) => said.filter((token) => token !== specialTokens.begin));
    const logits = read.flatMap((said) => this.#tell(said).map((probability) => Math.log(probability)));
    return { logits, alignment: this.#attend && read.map(this.#attend) };
  }

  select(order: readonly number[]): void {
    this.#said = order.map((row) => this.#said[row] ?? []);
  }
}
