/** What the app computed, to be checked again by `test_parity.py`. Rows are not padded: the test pads them. */
export interface Goldens {
  readonly batches: readonly GoldenBatch[];
  readonly predictions: readonly GoldenPrediction[];
  /** Of a network that reads files. */
  readonly files?: readonly GoldenFile[];
}

/** A small file and what the network reads of it. */
export interface GoldenFile {
  readonly name: string;
  readonly base64: string;
  /** `[T][F]`, not normalized. */
  readonly features: Nested;
}

/** One batch of rows of different lengths and what the exported module must return for it. */
export interface GoldenBatch {
  /** Token ids `[B][length]`, or normalized numbers `[B][length][F]`. */
  readonly rows: readonly (readonly (number | readonly number[])[])[];
  /** Previous target tokens `[B][length]`, `<bos>` first, of an encoder–decoder. */
  readonly targets?: readonly (readonly number[])[];
  /** Outputs of `forward` at real steps: `[B]`, `[B][C]`, `[B][length]` or `[B][length][C]`. */
  readonly outputs: Nested;
}

/** One input as a user gives it, and the prediction in the user's units. */
export type GoldenPrediction =
  | {
      readonly kind: 'text';
      readonly text: string;
      readonly tokens: readonly string[];
      readonly ids: readonly number[];
      /** `[C]`, or `[T][C]` for tags; `[K]` numbers in the data's units for regression. */
      readonly expected: Nested;
    }
  | { readonly kind: 'series'; readonly rows: readonly (readonly number[])[]; readonly expected: Nested }
  /** What an encoder–decoder says of an input. */
  | {
      readonly kind: 'sequence';
      /** A text, or the rows of a series. */
      readonly input: string | readonly (readonly number[])[];
      /** Of a text, as the model reads it; `null` of a series. */
      readonly ids: readonly number[] | null;
      /** The likeliest sequence by greedy search, and the alignment of its attention `[U][T]`. */
      readonly greedy: readonly string[];
      readonly alignment: Nested | null;
      readonly beam: readonly { readonly tokens: readonly string[]; readonly text: string; readonly logProbability: number }[];
    }
  /** How a language model goes on from a prompt, always with the most probable token. */
  | {
      readonly kind: 'generation';
      readonly prompt: string;
      /** As the model reads it, `<bos>` first. */
      readonly ids: readonly number[];
      readonly tokens: readonly string[];
    };

export type Nested = readonly (number | Nested)[];

/** `golden.json`. */
export function goldensJson(goldens: Goldens, tolerance = 1e-5): string {
  return `${JSON.stringify({ tolerance, ...goldens })}\n`;
}
