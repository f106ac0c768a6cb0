import { specialTokens } from '../data/dataset.ts';
import type { NextTokens, TokenSource } from './token-source.ts';

/** Probabilities of the next token after what was said so far `[V]`; they need not sum to 1. */
export type Tell = (said: readonly number[]) => readonly number[];

/** A source without a model, for tests: what comes next is told by a function of what was said. */
export class ToldSource implements TokenSource {
  readonly vocabulary: number;
  readonly #tell: Tell;
  #said: readonly (readonly number[])[];

  constructor(vocabulary: number, tell: Tell, rows = 1) {
    this.vocabulary = vocabulary;
    this.#tell = tell;
    this.#said = Array.from({ length: rows }, () => []);
  }

  get rows(): number {
    return this.#said.length;
  }

  async next(tokens: Int32Array): Promise<NextTokens> {
    this.#said = this.#said.map((said, row) => [...said, tokens[row] ?? 0]);
    const logits = this.#said.flatMap((said) =>
      this.#tell(said.filter((token) => token !== specialTokens.begin)).map((probability) => Math.log(probability)),
    );
    return { logits, alignment: null };
  }

  select(order: readonly number[]): void {
    this.#said = order.map((row) => this.#said[row] ?? []);
  }
}
