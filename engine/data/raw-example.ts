import type { SplitName } from '../document/split-names.ts';

/** What an example is made from, before any encoding. */
export type RawInput =
  | { readonly kind: 'text'; readonly text: string }
  /** Tokens that the file already separates: kept as they are, only lower-cased if the tokenizer says so. */
  | { readonly kind: 'tokens'; readonly tokens: readonly string[] }
  /** Numbers `[T][F]`. For forecasting each example is one step of the long series, so T is 1. `file` is the cell that names where they were read from. */
  | { readonly kind: 'series'; readonly steps: readonly (readonly number[])[]; readonly file?: string };

export type RawTarget =
  | { readonly kind: 'class'; readonly label: string }
  /** One tag per token. */
  | { readonly kind: 'tags'; readonly labels: readonly string[] }
  | { readonly kind: 'numbers'; readonly values: readonly number[] }
  /** Tokens to say, with a length of their own. */
  | { readonly kind: 'sequence'; readonly target: Exclude<RawInput, { kind: 'series' }> }
  /** A language model's targets are the input's own next tokens. */
  | { readonly kind: 'next-token' };

/** One example as read from a file or made by a template. */
export interface RawExample {
  /** Line in the source, from 1. */
  readonly line: number;
  readonly input: RawInput;
  readonly target: RawTarget;
  /** Examples of the same group stay in the same split; `null` is a group of its own. */
  readonly group: string | null;
  /** Of a row of a series, in milliseconds; absent where it has no date that can be read. */
  readonly time?: number;
  /** Where the data itself says it. */
  readonly split?: SplitName;
  /** Name of the file, where the data has several and this is not the first. */
  readonly file?: string;
  /** Lines of the same split's files before this one, which `line` counts. */
  readonly before?: number;
}

/** A row that cannot become an example, and why. */
export interface BadRow {
  /** Line in the source, from 1. */
  readonly line: number;
  readonly reason: string;
  /** Where a row of a series stands all the same. */
  readonly group?: string | null;
  readonly time?: number;
  readonly split?: SplitName;
  readonly file?: string;
  readonly before?: number;
}

export const isBadRow = (row: RawExample | BadRow): row is BadRow => 'reason' in row;

/** Names of the numbers in a series and of its targets, for reports and predictions. */
export interface ColumnNames {
  readonly inputs: readonly string[];
  readonly targets: readonly string[];
}
