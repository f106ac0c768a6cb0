/** What of a batch a network reads, as flat arrays. */
export interface BatchInput {
  /** T */
  readonly steps: number;
  /** B */
  readonly rows: number;
  /** `[T, B]` */
  readonly tokens: Int32Array | null;
  /** `[T, B, F]` */
  readonly series: Float32Array | null;
  /** `[B]`, each 1 … T */
  readonly lengths: Int32Array;
  /** Present where the target is a sequence with a length of its own. */
  readonly target?: TargetSequences | null;
}

/** Target sequences of a batch, U steps: what a decoder reads to say them. */
export interface TargetSequences {
  readonly steps: number;
  /** `<bos>` and then the target without its last token `[U, B]`, padding is 0. */
  readonly inputs: Int32Array;
  /** Tokens of each target, `<eos>` included `[B]`, each 1 … U. */
  readonly lengths: Int32Array;
}
