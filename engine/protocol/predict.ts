import { z } from 'zod';
import { splitName } from '../document/split-names.ts';
import { beamTree } from './beam-tree.ts';
import { figure } from './figure.ts';

const ranked = z.array(z.strictObject({ label: z.string(), probability: figure }));

/** A sequence that the model says. */
export const hypothesis = z.strictObject({
  tokens: z.array(z.string()),
  /** Of each token. */
  probabilities: z.array(figure),
  text: z.string(),
  /** Of the whole sequence, its end included. */
  logProbability: figure,
  /** For each token, how much attention gave to each step of the memory; `null` where nothing attends. */
  alignment: z.array(z.array(figure)).nullable(),
  /** Whether it came to its end before the limit. */
  finished: z.boolean(),
});

/** What the playground shows; closed on `kind`. */
export const prediction = z.discriminatedUnion('kind', [
  /** A language model ranks what comes next. */
  z.strictObject({ kind: z.literal('class'), tokens: z.array(z.string()), unknown: z.array(z.boolean()), ranked }),
  z.strictObject({
    kind: z.literal('tags'),
    tokens: z.array(z.string()),
    unknown: z.array(z.boolean()),
    tags: z.array(z.strictObject({ label: z.string(), probability: figure, ranked })),
  }),
  z.strictObject({ kind: z.literal('numbers'), values: z.array(figure), names: z.array(z.string()) }),
  /** Best first; `tokens` are those of the input, none where it is numbers. */
  z.strictObject({
    kind: z.literal('sequence'),
    tokens: z.array(z.string()),
    unknown: z.array(z.boolean()),
    hypotheses: z.array(hypothesis),
    /** How beam search came to them, where that was asked for. */
    tree: beamTree.optional(),
  }),
]);
export type Prediction = z.infer<typeof prediction>;

/** Rows of a numeric series, in the data's own units, oldest first: `[T][F]`. */
export const seriesInput = z.array(z.array(z.number()).max(512)).max(100_000);

const seed = z
  .number()
  .int()
  .min(0)
  .max(2 ** 31 - 1)
  .default(1);

const sampling = {
  /** Below 1 the probable becomes more so, above 1 less. */
  temperature: z.number().min(0.01).max(100).default(1),
  /** Only so many of the most probable tokens; `null` is all. */
  topK: z.number().int().min(1).nullable().default(null),
  /** Only the most probable tokens that together reach this probability; 1 is all. */
  topP: z.number().gt(0).max(1).default(1),
  seed,
};

/** `null` is twice the longest training target. */
const limit = z.number().int().min(1).max(10_000).nullable().default(null);

/** K */
export const beamWidth = z.number().int().min(1).max(100).default(5);
/** α of `((5 + length) / 6)^α`; 0 favours short sequences. */
export const beamLengthPenalty = z.number().min(0).max(10).default(0.6);

/** How a sequence is searched for. */
export const decodeSettings = z.discriminatedUnion('method', [
  z.strictObject({ method: z.literal('greedy'), maxTokens: limit }),
  z.strictObject({
    method: z.literal('beam'),
    maxTokens: limit,
    width: beamWidth,
    lengthPenalty: beamLengthPenalty,
    /** Whether to tell what was looked at on the way. */
    tree: z.boolean().optional(),
  }),
  z.strictObject({
    method: z.literal('sample'),
    maxTokens: limit,
    /** How many sequences are drawn. */
    samples: z.number().int().min(1).max(100).default(1),
    ...sampling,
  }),
]);
export type DecodeSettings = z.infer<typeof decodeSettings>;

/** What a language model is to go on from, and how. */
export const generateSettings = z.strictObject({
  prompt: z.string().max(200_000).default(''),
  maxTokens: z.number().int().min(1).max(100_000).default(200),
  /** Whether `<eos>` ends it; otherwise it is a line end, and the next line follows. */
  untilEnd: z.boolean().default(true),
  ...sampling,
});
export type GenerateSettings = z.infer<typeof generateSettings>;

export const generation = z.strictObject({
  /** The prompt as the model reads it, and which of its tokens the vocabulary lacks. */
  prompt: z.array(z.string()),
  unknown: z.array(z.boolean()),
  tokens: z.array(z.string()),
  /** Of each token. */
  probabilities: z.array(figure),
  text: z.string(),
  logProbability: figure,
  ended: z.enum(['end', 'limit', 'cancelled']),
});
export type Generation = z.infer<typeof generation>;

/** A token that was said, as it stands in the text after the one before it; all of them together are the text. */
const saidPiece = z.strictObject({
  token: z.string(),
  text: z.string(),
  /** As the model believed it, whatever the temperature. */
  probability: figure,
});
export type SaidPiece = z.infer<typeof saidPiece>;

/** A unit of a line of a cell, as a trace names them. */
const watchedUnit = z.strictObject({
  node: z.string(),
  layer: z.number().int().min(0),
  direction: z.enum(['forward', 'backward']),
  line: z.string(),
  unit: z.number().int().min(0),
});
export type WatchedUnit = z.infer<typeof watchedUnit>;

/** The caller's own name for a generation, to know its tokens by and to cancel it. */
const generationId = z.string().min(1).max(80);

export const predictMethods = {
  'predict.text': {
    params: z.strictObject({ run: z.string(), text: z.string().max(200_000), decode: decodeSettings.optional() }),
    result: prediction,
  },
  'predict.series': {
    params: z.strictObject({ run: z.string(), rows: seriesInput, decode: decodeSettings.optional() }),
    result: prediction,
  },
  /** From a recording, a picture or the pictures of a video, where the data is made of such files. */
  'predict.file': {
    params: z.strictObject({
      run: z.string(),
      /** On the engine's machine; of a video its folder, or the pictures' paths between semicolons. */
      path: z.string().min(1).max(32_768),
      decode: decodeSettings.optional(),
    }),
    result: prediction,
  },
  /** From an example of the run's own data, whole, also where `data.examples` shortens what it shows. */
  'predict.example': {
    params: z.strictObject({
      run: z.string(),
      split: splitName,
      index: z.number().int().min(0),
      decode: decodeSettings.optional(),
    }),
    result: prediction,
  },
  /** A language model goes on from a prompt; `predict.tokens` tells what it says meanwhile. */
  'predict.generate': {
    params: z.strictObject({
      run: z.string(),
      id: generationId,
      settings: generateSettings.prefault({}),
      /** What is told of meanwhile. */
      watch: watchedUnit.optional(),
    }),
    result: generation,
  },
  /** Ends a generation before its time: its call returns what was said until then. Nothing when there is none. */
  'predict.cancel': { params: z.strictObject({ id: generationId }), result: z.strictObject({}) },
} as const;

export const predictEvents = {
  /** Tokens since the last of these; several in one message, at most 30 messages a second. */
  'predict.tokens': z.strictObject({
    id: z.string(),
    pieces: z.array(saidPiece),
    /** What the watched unit is after each said token, once it was read: one behind `pieces`, and the last token has none. */
    values: z.array(figure),
  }),
} as const;
