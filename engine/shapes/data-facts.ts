import type { PictureSize } from './value-type.ts';

/** What the attached dataset tells the graph; every field `null` while no data is attached. */
export interface DataFacts {
  /** Vocabulary size, special tokens included. */
  readonly vocabulary: number | null;
  /** Number of classes or tags. */
  readonly classes: number | null;
  /** Width of a numeric step (input columns). */
  readonly features: number | null;
  /** Number of regression targets. */
  readonly targets: number | null;
  /** Size of the picture at each step, whose numbers are the features; absent where the data is no pictures. */
  readonly image?: PictureSize | undefined;
}
