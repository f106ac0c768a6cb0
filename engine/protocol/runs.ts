import { z } from 'zod';
import { unrollDocument } from '../document/schema.ts';
import { problem } from '../shapes/problem.ts';
import { backendName } from './app.ts';
import { dataFacts } from './data.ts';
import { figure } from './figure.ts';
import { runHealth } from './health.ts';
import { inspectedInput } from './inspect.ts';
import { metricsPiece, metricsPlace } from './metric-columns.ts';
import { rayTarget } from './ray.ts';

export const runStatus = z.enum(['running', 'paused', 'stopped', 'done', 'failed', 'interrupted']);

/**
 * Names of metrics: `loss`, `log-loss`, `accuracy`, `auroc`, `macro-f1`, `entity-f1`, `perplexity`, `bits-per-character`, `token-error-rate`,
 * `word-error-rate`, `sequence-accuracy`, `mae`, `rmse`. Fractions, not percent. Not a number where the model says none.
 */
export const metricValues = z.record(z.string(), figure);
export type MetricValues = z.infer<typeof metricValues>;

/** The metric that the run is judged by, with its trivial baseline. */
export const headline = z.strictObject({
  metric: z.string(),
  higherIsBetter: z.boolean(),
  baseline: figure,
  baselineName: z.string(),
});

const runName = z.string().min(1).max(200);
const runNote = z.string().max(4000);
const runTags = z.array(z.string().trim().min(1).max(40)).max(20);

/** What a person writes on a run; what is left out stays as it is. */
export const runWords = z.strictObject({
  name: runName.exactOptional(),
  note: runNote.exactOptional(),
  tags: runTags.exactOptional(),
});
export type RunWords = z.infer<typeof runWords>;

const runId = z.string().regex(/^[A-Za-z0-9_-]{1,80}$/);

/** A row of the run list. */
export const runSummary = z.strictObject({
  id: runId,
  name: z.string().max(200),
  note: runNote.optional(),
  tags: runTags.optional(),
  documentName: z.string(),
  /** What graph over what data it trained (`graphFingerprint`), made from its document on reading. */
  graph: z.string().max(32).optional(),
  status: runStatus,
  created: z.number(),
  /** Seconds spent training, pauses not counted. */
  seconds: figure,
  epoch: figure,
  epochs: z.number().int(),
  step: z.number().int(),
  totalSteps: z.number().int(),
  /** `pytorch`: not by this app, but by the project that it exports. */
  backend: z.enum([...backendName.options, 'pytorch']),
  device: z.string(),
  /** The cluster that trains it, `ray:http://HOST:8265`; absent where this machine does. */
  on: z.string().max(2100).optional(),
  headline,
  /** The split that `best` and the headline are of: the training split where there is no validation split. Runs saved by an older version do not say. */
  judgedOn: z.enum(['train', 'validation']).optional(),
  best: z.strictObject({ step: z.number().int(), value: figure }).nullable(),
  validation: metricValues.nullable(),
  /** The same of the whole training split, where it is what the run is judged on; `validation` is then `null`. */
  training: metricValues.optional(),
  /** Metrics of the best weights on the test split, measured once at the run's end; absent before, and without a test split. */
  test: metricValues.optional(),
  parameters: z.number().int(),
  /** Why it failed or was interrupted, and what to do. */
  message: z.string().nullable(),
  /** The stable word of its failure, e.g. `loss-not-finite`; absent where it did not fail, and in runs of older versions. */
  failure: z.string().max(64).optional(),
  /** What is worth knowing of its start: how many tokens word vectors were found for. */
  notes: z.array(z.string()).optional(),
});
export type RunSummary = z.infer<typeof runSummary>;

/** One line of `metrics.jsonl`. */
export const metricEvent = z.strictObject({
  step: z.number().int(),
  epoch: figure,
  /** Seconds since the run's start, pauses not counted. */
  seconds: figure,
  split: z.enum(['train', 'validation', 'test']),
  values: metricValues,
  learningRate: figure.optional(),
  gradientNorm: figure.optional(),
  tokensPerSecond: figure.optional(),
  /** Of one step since the line before; absent where none was measured. */
  health: runHealth.optional(),
});
export type MetricEvent = z.infer<typeof metricEvent>;

/** A validation example with what the model says now. */
export const exampleView = z.strictObject({
  input: z.string(),
  /** As they stand in the data, also those that the vocabulary does not hold. */
  tokens: z.array(z.string()).nullable(),
  /** Which of them the model reads as `<unk>`. */
  unknown: z.array(z.boolean()).optional(),
  target: z.array(z.string()),
  predicted: z.array(z.string()),
  /** Probability of each predicted entry. */
  confidence: z.array(figure),
});
export type ExampleView = z.infer<typeof exampleView>;

/** Result of a full pass over one split. */
export const evaluation = z.strictObject({
  split: z.enum(['train', 'validation', 'test']),
  step: z.number().int(),
  values: metricValues,
  baseline: metricValues,
  baselineName: z.string(),
  classes: z.array(
    z.strictObject({ name: z.string(), precision: figure, recall: figure, f1: figure, support: z.number().int() }),
  ),
  /** `[true][predicted]` counts; `null` for numbers and for more than 200 classes. */
  confusion: z.array(z.array(z.number().int())).nullable(),
  /** For numbers: up to 500 pairs in order. */
  series: z.array(z.strictObject({ target: figure, predicted: figure })).nullable(),
  /** Where sequences were generated: by what search, and over how many examples of the split, evenly spread. */
  decoded: z.strictObject({ method: z.enum(['greedy']), examples: z.number().int(), of: z.number().int() }).optional(),
  examples: z.array(exampleView),
});
export type Evaluation = z.infer<typeof evaluation>;

/** A folder among the runs that is one, and whose `run.json` cannot be read. */
export const damagedRun = z.strictObject({
  id: z.string(),
  /** What is wrong, with the file's name. */
  problem: z.string(),
  /** Whether `runs.restore` can rebuild the rest from what is whole. */
  restorable: z.boolean(),
  /** As it was trained, where it can still be read. */
  document: unrollDocument.nullable(),
});
export type DamagedRun = z.infer<typeof damagedRun>;

const run = z.strictObject({ run: z.string().max(4096) });

export const runMethods = {
  'training.start': {
    params: z.strictObject({
      document: unrollDocument,
      name: z.string().max(200).optional(),
      /** A run to start from: its weights, its vocabulary, classes and normalization. The graph must be the same. */
      from: z.string().max(4096).optional(),
      /** What is being looked at: the run keeps a film of it, from its first weights on. */
      film: inspectedInput.optional(),
      /** The Ray cluster to train on, instead of this machine. */
      on: rayTarget.optional(),
    }),
    result: runSummary,
  },
  /** What keeps the memory from holding the model while it trains; `null` where it fits, or cannot be told before its data is prepared. */
  'training.fit': {
    params: z.strictObject({ document: unrollDocument }),
    result: z.strictObject({ problem: problem.nullable() }),
  },
  'training.pause': { params: run, result: runSummary },
  /** Continues a paused, stopped, interrupted or failed run from its last checkpoint. */
  'training.resume': { params: run, result: runSummary },
  'training.stop': { params: run, result: runSummary },
  /** Ends a start or resume while its data is still being prepared; that call then fails with `cancelled`. */
  'training.cancel': { params: z.strictObject({}), result: z.strictObject({}) },
  'runs.list': {
    params: z.strictObject({}),
    result: z.strictObject({ runs: z.array(runSummary), damaged: z.array(damagedRun) }),
  },
  'runs.get': {
    params: run,
    result: z.strictObject({
      summary: runSummary,
      document: unrollDocument,
      facts: dataFacts,
      evaluation: evaluation.nullable(),
    }),
  },
  /** A piece of what a run has logged: from its beginning, or after what was read before. */
  'runs.metrics': { params: z.strictObject({ ...run.shape, after: metricsPlace.exactOptional() }), result: metricsPiece },
  'runs.describe': { params: z.strictObject({ run: z.string().max(4096), words: runWords }), result: runSummary },
  /** The settings that runs were trained with, in words, by the run's id; one that cannot be read is left out. */
  'runs.settings': {
    params: z.strictObject({ runs: z.array(runId).max(10_000) }),
    result: z.strictObject({
      settings: z.record(
        z.string(),
        z.array(z.strictObject({ group: z.enum(['Graph', 'Training', 'Data']), setting: z.string(), value: z.string() })),
      ),
    }),
  },
  /** Deletes what is the run's own; `kept` are the names of what else lies in its folder, which stays. */
  'runs.delete': { params: run, result: z.strictObject({ kept: z.array(z.string()) }) },
  /** Repairs of a run what the rest of it tells; says what was done. */
  'runs.restore': { params: run, result: z.strictObject({ summary: runSummary, done: z.array(z.string()) }) },
  'runs.evaluate': {
    params: z.strictObject({ run: z.string(), split: z.enum(['train', 'validation', 'test']) }),
    result: evaluation,
  },
} as const;

export const runEvents = {
  /** Status, progress and time left; throttled at the source to at most 10 a second. */
  'run.progress': z.strictObject({
    summary: runSummary,
    tokensPerSecond: figure.nullable(),
    secondsLeft: figure.nullable(),
    memoryBytes: figure.nullable(),
  }),
  /** New lines of `metrics.jsonl`, batched. */
  'run.metrics': z.strictObject({ run: z.string(), events: z.array(metricEvent) }),
  'run.evaluation': z.strictObject({ run: z.string(), evaluation }),
} as const;
