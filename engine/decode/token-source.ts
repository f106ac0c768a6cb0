/**
 * What a search asks while it says sequences: what may come next, for several of them at once. A sequence is a row; all rows are
 * equally far.
 */
export interface TokenSource {
  /** V */
  readonly vocabulary: number;
  /** R */
  readonly rows: number;
  /**
   * Takes every row one token further.
   *
   * @param tokens what each row said last `[R]`, `<bos>` at the start
   */
  next(tokens: Int32Array): Promise<NextTokens>;
  /** From now on row r goes on where row `order[r]` was: rows can be left out, doubled and exchanged. */
  select(order: readonly number[]): void;
}

export interface NextTokens {
  /** Scores of each row's next token before softmax `[R, V]`. */
  readonly logits: ArrayLike<number>;
  /** How much each step of the memory counted for this token, for each row, padding left out; `null` where nothing attends. */
  readonly alignment: readonly (readonly number[])[] | null;
}

/** A sequence that was said. */
export interface Hypothesis {
  /** Ids, without `<bos>` and without the `<eos>` at the end. */
  readonly tokens: readonly number[];
  /** The model's probability of each of them. */
  readonly probabilities: readonly number[];
  /** Of the whole sequence, its `<eos>` included: the sum of its tokens' log-probabilities. */
  readonly logProbability: number;
  /** For each token, how much each step of the memory counted; `null` where nothing attends. */
  readonly alignment: readonly (readonly number[])[] | null;
  /** Whether it ended with `<eos>`, not at the limit. */
  readonly finished: boolean;
}
