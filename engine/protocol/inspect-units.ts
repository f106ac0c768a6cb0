import { z } from 'zod';
import { splitName } from '../document/split-names.ts';
import { figure } from './figure.ts';
import { inspectedWeights, numbers } from './inspect.ts';
import { workId } from './inspect-work.ts';

/** Where something holds, step by step: what units are compared with. */
export const unitPattern = z.discriminatedUnion('kind', [
  /** A JavaScript regular expression over the text of each sequence: a step holds where its token overlaps a match. */
  z.strictObject({ kind: z.literal('text'), pattern: z.string().min(1).max(1000), ignoreCase: z.boolean().default(false) }),
  /** A class of the whole sequence, a step's tag, or the token that comes next. */
  z.strictObject({
    kind: z.literal('label'),
    label: z.string().max(2000),
    /** `last` compares the last steps of the sequences alone. */
    at: z.enum(['every', 'last']).default('every'),
  }),
  /** Steps `from` to `to`, from 1, both of them; counted back from the end where `end`. */
  z.strictObject({
    kind: z.literal('position'),
    from: z.number().int().min(1),
    to: z.number().int().min(1),
    end: z.boolean().default(false),
  }),
]);
export type UnitPattern = z.infer<typeof unitPattern>;

export const unitFigures = z.strictObject({
  mean: figure,
  /** Standard deviation. */
  spread: figure,
  /** Share of the steps at which it is within a twentieth of an end of its range; 0 of a value without a range. */
  saturated: figure,
  /** It was the same at every step. */
  dead: z.boolean(),
});
export type UnitFigures = z.infer<typeof unitFigures>;

const sample = z.strictObject({
  /** Its name in the other calls; those that were not used for long are forgotten. */
  sample: z.string(),
  /** The training step that the weights are of. */
  step: z.number().int(),
  /** Sequences that were read, of so many in the split, and their steps together. */
  examples: z.number().int(),
  of: z.number().int(),
  steps: z.number().int(),
  /** Why it is fewer than were asked for: it was cancelled, or more would not fit into memory. */
  ended: z.enum(['cancelled', 'full']).nullable(),
  units: z.array(unitFigures),
  /** The largest size of any value. */
  largest: figure,
  /** What the words of its steps are; `null` where steps have none. */
  level: z.enum(['word', 'character', 'subword']).nullable(),
  /** Sequences are parts of one text that follow each other; each was read from an empty state, as a trace is. */
  running: z.boolean(),
  /** What a step's label is, and the labels that occur, most frequent first and 200 at most; `null` where steps have none. */
  labels: z.strictObject({ kind: z.enum(['class', 'tag', 'next']), names: z.array(z.string()), more: z.boolean() }).nullable(),
  /** Nats of a guess among all that can be said, where steps have a surprise: −log p of the token, or of the tag. */
  guess: figure.nullable(),
});
export type UnitSample = z.infer<typeof sample>;

export const rangeMatch = z.strictObject({
  /** Of the sample, from 0. */
  sequence: z.number().int(),
  from: z.number().int(),
  to: z.number().int(),
  /** How many of the units are on all through it, and how many others. */
  shared: z.number().int(),
  others: z.number().int(),
});
export type RangeMatch = z.infer<typeof rangeMatch>;

export const unitMethods = {
  /**
   * Reads sequences of a split with a run's weights and keeps one line of a cell at every step. `inspect.progress` tells how far it is;
   * what was read until it is cancelled is the answer. Training goes on meanwhile.
   */
  'inspect.statistics': {
    params: z.strictObject({
      id: workId,
      run: z.string(),
      weights: inspectedWeights.default('best'),
      split: splitName.default('test'),
      /** The first of a running text, otherwise evenly spread over the split. */
      examples: z.number().int().min(1).max(100_000).default(64),
      node: z.string(),
      layer: z.number().int().min(0).default(0),
      direction: z.enum(['forward', 'backward']).default('forward'),
      /** As in the equations; a state after the step has a prime. */
      line: z.string(),
    }),
    result: sample,
  },
  /** What stands at the steps of sequences of a sample. */
  'inspect.sampleText': {
    params: z.strictObject({ sample: z.string(), from: z.number().int().min(0), count: z.number().int().min(1).max(500) }),
    result: z.strictObject({
      sequences: z.array(
        z.strictObject({
          /** Row of its split, from 0. */
          example: z.number().int(),
          /** Place of its first step among all of the sample. */
          start: z.number().int(),
          words: z.array(z.string()),
          /** Its class, where it has one. */
          label: z.string().nullable(),
          /** Of each step, where steps have them. */
          tags: z.array(z.string()).nullable(),
        }),
      ),
    }),
  },
  /** Of every step of a sample: a unit's value, or without one the surprise in nats; NaN where nothing was said before. */
  'inspect.sampleValues': {
    params: z.strictObject({ sample: z.string(), unit: z.number().int().min(0).nullable() }),
    result: numbers,
  },
  /** How well each unit alone tells the steps where something holds from the others. */
  'inspect.unitScores': {
    params: z.strictObject({ id: workId.optional(), sample: z.string(), of: unitPattern }),
    result: z.strictObject({
      /** Steps that were compared, and how many of them it holds at. */
      steps: z.number().int(),
      holds: z.number().int(),
      /** AUROC of each unit: ½ says nothing; `null` where it holds everywhere or nowhere. */
      auroc: z.array(figure.nullable()),
      /** Steps of the sample at which it holds, as ranges: first and last; 20 000 at most. */
      ranges: z.array(z.tuple([z.number().int(), z.number().int()])),
    }),
  },
  /** Units that are on all through a range of a traced sentence, and where in a sample the same ones are on (LSTMVis). */
  'inspect.similar': {
    params: z.strictObject({
      sample: z.string(),
      trace: z.string(),
      from: z.number().int().min(0),
      to: z.number().int().min(0),
      /** Above it a unit is on. */
      threshold: z.number(),
      /** Whether it must be off right before the range, and right after it. */
      offBefore: z.boolean().default(false),
      offAfter: z.boolean().default(false),
      /** How many of the units a place must share; half of them unless it is said. */
      least: z.number().int().min(1).optional(),
      limit: z.number().int().min(1).max(500).default(50),
    }),
    result: z.strictObject({ on: z.array(z.number().int()), matches: z.array(rangeMatch) }),
  },
} as const;
