import { z } from 'zod';
import { mediaSettings } from './media-settings.ts';

/** What is asked of the model; decides readers' columns, targets, losses, metrics and baselines. */
export const taskKind = z.enum([
  /** tokens → one class per example (many to one). */
  'sequence-classification',
  /** tokens → one tag per step (many to many in step). */
  'step-tagging',
  /** tokens or numbers → one number per example. */
  'sequence-regression',
  /** numeric series → the next value(s): windows are made from one long series. */
  'forecasting',
  /** a sequence → another token sequence of its own length (many to many out of step, one to many). */
  'sequence-to-sequence',
  /** text → the next token at every step. */
  'language-model',
]);
export type TaskKind = z.infer<typeof taskKind>;

/** What stands first in dates such as 01/02/2024. */
export const dateOrder = z.enum(['day-first', 'month-first']);
export type DateOrder = z.infer<typeof dateOrder>;

/** How a file is read. `null` fields are detected and then written back, so that a document says what was used. */
export const readerSettings = z.strictObject({
  format: z.enum(['delimited', 'jsonl', 'conll', 'text', 'series', 'ts', 'arff']),
  encoding: z.string().max(40).nullable().default(null),
  delimiter: z.string().min(1).max(4).nullable().default(null),
  header: z.boolean().nullable().default(null),
  /** Rows of the header, whose words are joined to names: two where units stand under the names. Absent: one, or as found out with `header`. */
  headerRows: z.number().int().min(1).max(3).optional(),
  /** Lines before a table that are not read: notes, or Excel's `sep=;`. */
  skipLines: z.number().int().min(0).max(100_000).nullable().default(null),
  /** Lines that begin with it are no rows; empty where there are none. */
  comment: z.string().max(4).nullable().default(null),
  /** A sign at the end of each row that belongs to no cell, such as the `;` of some logs. Absent: none, or as found out. */
  rowEnd: z.string().max(4).optional(),
  /** How a quote inside a quoted cell is written: `""`, or `\"` as MySQL and Spark do; 'single': cells stand in `'`, doubled inside; 'none': quotes are ordinary characters. */
  quotes: z.enum(['doubled', 'backslash', 'single', 'none']).nullable().default(null),
  /** Whether spaces before a cell are left out, so that a quote after them opens. */
  trim: z.boolean().nullable().default(null),
  /** Of the numbers in cells; `null` finds it out for each column. */
  decimal: z.enum(['.', ',']).nullable().default(null),
  /** Between the digits of large numbers: `' '` is any space, `"'"` either apostrophe, `''` nothing. */
  thousands: z.enum(['', ',', '.', ' ', "'"]).nullable().default(null),
  /** Cells that stand for no value, in every column; `null` takes the usual words (NA, null, ? …), in columns of numbers alone. */
  missing: z.array(z.string().max(40)).max(100).nullable().default(null),
  /** What lists of whole numbers are: token ids, each a token by its digits, or a series; `null` leaves it to the graph's input. */
  lists: z.enum(['tokens', 'numbers']).nullable().default(null),
  /** Column names (or `#0`, `#1` without a header, or JSON keys). */
  inputColumns: z.array(z.string().max(200)).max(10_000).default([]),
  targetColumns: z.array(z.string().max(200)).max(10_000).default([]),
  /** Examples with the same value here stay in the same split. */
  groupColumn: z.string().max(200).nullable().default(null),
  /**
   * Of a table of one token a row: tells its sentences apart, by another value in the first row of each or in all of them. Absent: a
   * column that does so without doubt, for tags of steps; `null`: each row is an example.
   */
  sentenceColumn: z.string().max(200).nullable().optional(),
  /** Says of each row whether it is for training, validation or test; absent: the split settings do. */
  splitColumn: z.string().max(200).nullable().optional(),
  /** Date of each row of a series, which sorts it. Absent: a column that looks like one; `null`: the file's order. */
  timeColumn: z.string().max(200).nullable().optional(),
  /** Absent: what the dates tell. */
  dateOrder: dateOrder.optional(),
});

const filePath = z.string().min(1).max(4096);
const furtherFiles = z.array(filePath).min(1).max(1000).optional();

export const dataSource = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('file'),
    /** With files of their own for validation and test: the training file. */
    path: filePath,
    /** A split without a file is cut from the training file by the split settings. */
    splitFiles: z.strictObject({ validation: filePath.optional(), test: filePath.optional() }).optional(),
    /** Further files of a split, such as `train-00001-of-00005.jsonl`: read on after its first one, as if all were one file. */
    parts: z.strictObject({ train: furtherFiles, validation: furtherFiles, test: furtherFiles }).optional(),
    reader: readerSettings,
  }),
  /** Data that a template makes from an installed package. */
  z.strictObject({ kind: z.literal('template'), name: z.string().regex(/^[a-z0-9-]{1,64}$/) }),
]);

export const tokenizerSettings = z.strictObject({
  /** Version of the rule that cuts a text into words (`tokenizer/rule.ts`); 1 is kept for models that were trained with it. */
  rule: z.union([z.literal(1), z.literal(2)]).default(2),
  /** 'subword': byte-pair encoding, learned from the training split. */
  level: z.enum(['word', 'character', 'subword']).default('word'),
  lowercase: z.boolean().default(true),
  /** Most frequent tokens kept, special tokens not counted. */
  maxVocabulary: z.number().int().min(1).max(1_000_000).default(20_000),
  /** A token seen fewer times in the training split becomes `<unk>`. */
  minCount: z.number().int().min(1).max(1_000_000).default(1),
  /** Longer sequences are cut to this many steps, and the cut is reported. */
  maxLength: z.number().int().min(1).max(100_000).default(512),
});

export const splitSettings = z.strictObject({
  validation: z.number().min(0).max(0.9).default(0.1),
  test: z.number().min(0).max(0.9).default(0.1),
  seed: z
    .number()
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(1),
  stratify: z.boolean().default(true),
});

/** Windows cut from a long numeric series (forecasting). */
export const windowSettings = z.strictObject({
  length: z.number().int().min(1).max(100_000).default(30),
  /** Steps ahead of the window's last step that are predicted. */
  horizon: z.number().int().min(1).max(10_000).default(1),
  stride: z.number().int().min(1).max(10_000).default(1),
  /** Steps after which the series repeats itself; the baseline is then the value one season before, not the last one. */
  season: z.number().int().min(2).max(10_000).nullable().default(null),
});

/** How a text becomes sequences whose next tokens are learned. */
export const languageModelSettings = z.strictObject({
  /**
   * 'running': one long text, every character of it, cut into chunks whose state is carried on; 'line': each line is a sequence from
   * `<bos>` to `<eos>`; 'running-lines': such lines one after the other, without the empty ones: what a running text was for models
   * that were trained before version 3.
   */
  unit: z.enum(['running', 'line', 'running-lines']).default('running'),
  /** Tokens per chunk of a running text: how far back-propagation through time goes (row L16). */
  chunk: z.number().int().min(1).max(100_000).default(64),
});

export const dataBinding = z.strictObject({
  source: dataSource,
  task: taskKind,
  tokenizer: tokenizerSettings.prefault({}),
  /** Of the target text, where the target is a sequence. */
  targetTokenizer: tokenizerSettings.prefault({}),
  languageModel: languageModelSettings.prefault({}),
  media: mediaSettings.prefault({ kind: 'none' }),
  split: splitSettings.prefault({}),
  window: windowSettings.prefault({}),
  /** Use at most this many examples, chosen with the split's seed; `null` uses all. */
  limit: z.number().int().min(1).nullable().default(null),
});

export type DataSource = z.infer<typeof dataSource>;
export type ReaderSettings = z.infer<typeof readerSettings>;
export type TokenizerSettings = z.infer<typeof tokenizerSettings>;
export type SplitSettings = z.infer<typeof splitSettings>;
export type LanguageModelSettings = z.infer<typeof languageModelSettings>;
export type WindowSettings = z.infer<typeof windowSettings>;
export type DataBinding = z.infer<typeof dataBinding>;

/** Whether the data is one text of which every character is read. */
export const isRunningText = ({ task, languageModel }: Pick<DataBinding, 'task' | 'languageModel'>): boolean =>
  task === 'language-model' && languageModel.unit === 'running';
