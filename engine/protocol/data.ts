import { z } from 'zod';
import { dataBinding, readerSettings, taskKind } from '../document/data-binding.ts';
import { splitName } from '../document/split-names.ts';
import { figure } from './figure.ts';

export const dataFacts = z.strictObject({
  vocabulary: z.number().int().nullable(),
  classes: z.number().int().nullable(),
  features: z.number().int().nullable(),
  targets: z.number().int().nullable(),
  image: z.strictObject({ height: z.number().int(), width: z.number().int(), channels: z.number().int() }).optional(),
});

export const badRow = z.strictObject({
  /** Line number in the file, from 1. */
  line: z.number().int(),
  reason: z.string(),
});

/** First look at a file: what was detected, a sample, and a guess that the user can edit. */
export const dataPreview = z.strictObject({
  path: z.string(),
  bytes: z.number(),
  reader: readerSettings,
  task: taskKind,
  columns: z.array(
    z.strictObject({
      name: z.string(),
      kind: z.enum(['text', 'category', 'number', 'tokens', 'date', 'empty']),
      distinct: z.number().int().nullable(),
      sample: z.array(z.string()),
    }),
  ),
  rows: z.array(z.array(z.string())),
  badRows: z.array(badRow),
  badRowCount: z.number().int(),
  warnings: z.array(z.string()),
  /** Files of the same folder that are this one's validation and test data by their names, or further parts of it. */
  beside: z.array(z.strictObject({ path: z.string(), split: splitName })),
});
export type DataPreview = z.infer<typeof dataPreview>;

const histogram = z.strictObject({ edges: z.array(figure), counts: z.array(z.number().int()) });

/** What the data panel shows after preparation. */
export const dataReport = z.strictObject({
  /** Handle for `data.examples`; equal bindings over equal files give equal keys. */
  key: z.string(),
  fingerprint: z.string(),
  task: taskKind,
  facts: dataFacts,
  counts: z.strictObject({ train: z.number().int(), validation: z.number().int(), test: z.number().int() }),
  classes: z.array(
    z.strictObject({ name: z.string(), train: z.number().int(), validation: z.number().int(), test: z.number().int() }),
  ),
  lengths: histogram,
  truncated: z.number().int(),
  empty: z.number().int(),
  /** Share of validation and test tokens that the vocabulary does not hold. */
  outOfVocabulary: z.strictObject({ validation: figure, test: figure }).nullable(),
  /** Most frequent tokens, for a look. */
  frequentTokens: z.array(z.strictObject({ token: z.string(), count: z.number().int() })),
  /** The same of the target tokens, where the target is a sequence; lengths without `<eos>`. */
  targets: z
    .strictObject({
      lengths: histogram,
      truncated: z.number().int(),
      outOfVocabulary: z.strictObject({ validation: figure, test: figure }),
      frequentTokens: z.array(z.strictObject({ token: z.string(), count: z.number().int() })),
    })
    .optional(),
  /** Same input in two splits. */
  leakage: z.strictObject({ count: z.number().int(), examples: z.array(z.string()) }),
  /** Largest class over smallest class in the training split; `null` for numbers. */
  imbalance: figure.nullable(),
  badRowCount: z.number().int(),
  badRows: z.array(badRow),
  /** The trivial baseline's metric on the validation split, e.g. majority class. */
  baseline: z.strictObject({ name: z.string(), metric: z.string(), value: figure }),
  warnings: z.array(z.string()),
  /** What follows from the settings and is no fault of the data. */
  notes: z.array(z.string()).optional(),
});
export type DataReport = z.infer<typeof dataReport>;

/** What an input looks like, for a look: bytes in base64, from 0, the lowest or darkest, to 255. */
export const inputView = z.discriminatedUnion('kind', [
  /** Pictures one after the other, each row by row from the top, `channels` bytes a pixel. */
  z.strictObject({
    kind: z.literal('pictures'),
    count: z.number().int(),
    height: z.number().int(),
    width: z.number().int(),
    channels: z.union([z.literal(1), z.literal(3)]),
    bytes: z.string(),
  }),
  /** A few numbers over time, `[steps][features]`, each feature on a scale of its own. */
  z.strictObject({ kind: z.literal('lines'), steps: z.number().int(), features: z.number().int(), bytes: z.string() }),
  /** Many numbers over time, `[steps][features]`, all on one scale. */
  z.strictObject({ kind: z.literal('map'), steps: z.number().int(), features: z.number().int(), bytes: z.string() }),
]);
export type InputView = z.infer<typeof inputView>;

/** A picture or a recording as it is on disk, in base64. */
const mediaFile = z.strictObject({ type: z.enum(['image/png', 'image/jpeg', 'audio/wav']), base64: z.string() });

export const dataMethods = {
  'data.preview': {
    params: z.strictObject({ path: z.string().max(4096), reader: readerSettings.partial().optional() }),
    result: dataPreview,
  },
  'data.prepare': { params: z.strictObject({ binding: dataBinding }), result: dataReport },
  'data.cancel': { params: z.strictObject({}), result: z.strictObject({}) },
  'data.examples': {
    params: z.strictObject({
      binding: dataBinding,
      split: splitName,
      offset: z.number().int().min(0),
      count: z.number().int().min(1).max(200),
    }),
    result: z.strictObject({
      total: z.number().int(),
      examples: z.array(
        z.strictObject({
          line: z.number().int(),
          input: z.string(),
          target: z.string(),
          /** Where the input is numbers. */
          view: inputView.optional(),
          /** The first tokens of the input as the model reads them, where it reads tokens. */
          tokens: z.array(z.string()).optional(),
          /** The same of the target, where it is a sequence. */
          targetTokens: z.array(z.string()).optional(),
        }),
      ),
    }),
  },
  /** One input at a larger size: a file, or an example; with the file itself where it is one and not too large. */
  'data.view': {
    params: z.strictObject({
      binding: dataBinding,
      of: z.union([
        z.strictObject({ path: z.string().min(1).max(32_768) }),
        z.strictObject({ split: splitName, index: z.number().int().min(0) }),
      ]),
    }),
    result: z.strictObject({ view: inputView.nullable(), file: mediaFile.nullable() }),
  },
  /** What a text of the data can be turned into besides: tunes, say, can be heard. Nothing for most data. */
  'data.files': {
    params: z.strictObject({ binding: dataBinding, text: z.string().max(2_000_000) }),
    result: z.strictObject({
      files: z.array(z.strictObject({ name: z.string(), type: z.enum(['audio/midi', 'audio/wav']), base64: z.string() })),
    }),
  },
} as const;

export const dataEvents = {
  'data.progress': z.strictObject({ step: z.string(), fraction: z.number().min(0).max(1).nullable(), rows: z.number().int() }),
} as const;
