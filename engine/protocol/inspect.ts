import { z } from 'zod';
import { splitName } from '../document/split-names.ts';
import { figure } from './figure.ts';
import { prediction, seriesInput } from './predict.ts';

/** Many numbers: of a shape, row by row, as base64 of little-endian float32. */
export const numbers = z.strictObject({ shape: z.array(z.number().int().min(0)), data: z.string() });
export type Numbers = z.infer<typeof numbers>;

/** What a network is looked at with. */
export const inspectedInput = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('text'), text: z.string().max(200_000) }),
  /** In the data's own units, oldest first. */
  z.strictObject({ kind: z.literal('series'), rows: seriesInput }),
  /** A recording, a picture or the pictures of a video, as in `predict.file`. */
  z.strictObject({ kind: z.literal('file'), path: z.string().min(1).max(32_768) }),
  /** Of the run's own data, with its target. */
  z.strictObject({ kind: z.literal('example'), split: splitName, index: z.number().int().min(0) }),
]);
export type InspectedInput = z.infer<typeof inspectedInput>;

/** Of a run: the best that are saved, those of the last checkpoint, those of this moment while it trains, or of a step that are kept (`film.get`). */
export const inspectedWeights = z.union([z.enum(['best', 'last', 'live']), z.strictObject({ step: z.number().int().min(0) })]);
export type InspectedWeights = z.infer<typeof inspectedWeights>;

/** Steps of one time axis: of the input, of the target, or of what a pyramid made shorter. */
const step = z.strictObject({
  /** Empty where a step has no words: numbers of a picture or a recording, several steps in one. */
  token: z.string(),
  /** The vocabulary lacks it. */
  unknown: z.boolean(),
  padded: z.boolean(),
});

const tracedValue = z.strictObject({
  /** As in the equations; a state after the step has a prime. */
  name: z.string(),
  role: z.enum(['gate', 'candidate', 'state', 'value']),
  /** 1 where all units share one number. */
  units: z.number().int(),
  /** Between which numbers it lies, whatever the input: for the scale of its colours. */
  range: z.enum(['0..1', '-1..1', 'free']),
});

/** A cell as it ran: in one layer and direction of the wrapper that it is wired to. */
const tracedRecurrence = z.strictObject({
  /** From 0. */
  layer: z.number().int(),
  direction: z.enum(['forward', 'backward']),
  /** Kind of the cell's node. */
  cell: z.string(),
  hidden: z.number().int(),
  equations: z.string(),
  /** On its own time axis. */
  steps: z.array(step),
  /** Width of what it reads. */
  inputs: z.number().int(),
  values: z.array(tracedValue),
  /** In order; the first is what it gives at each step. */
  states: z.array(z.strictObject({ name: z.string(), units: z.number().int() })),
  /** What the equations learn, and where it is stored: rows `from` up to `to` of the weight of that name. */
  parameters: z.array(
    z.strictObject({
      name: z.string(),
      shape: z.array(z.number().int()),
      weight: z.string(),
      from: z.number().int(),
      to: z.number().int(),
    }),
  ),
});

const tracedNode = z.strictObject({
  /** Of the document; inside a block with the block's in front, as in the plan. */
  node: z.string(),
  /** Of its weights. */
  module: z.string(),
  kind: z.string(),
  title: z.string(),
  outputs: z.array(
    z.strictObject({
      port: z.string(),
      /** One step where it has no time. */
      steps: z.array(step),
      units: z.number().int(),
      /** Root of the sum of squares over units, by step. */
      norm: z.array(figure),
      /** Means of neighbouring steps and units, small enough for a card `[steps, units]`. */
      strip: numbers,
    }),
  ),
  recurrent: z.array(tracedRecurrence),
  /** How much each target step looks at each step of the memory `[U, T]`; `null` where nothing attends. */
  attention: numbers.nullable(),
});

export const trace = z.strictObject({
  /** Its name in the other calls. */
  trace: z.string(),
  run: z.string(),
  /** The training step that the weights are of. */
  step: z.number().int(),
  weights: inspectedWeights,
  /** Fingerprint of the data that the run learned from: its rows are those of another run with the same one. */
  data: z.string(),
  /** Of the input. */
  steps: z.array(step),
  /** What it should say: a class, a tag a step, a token a step of the target's own axis, or numbers; `null` where nobody knows. */
  target: z
    .strictObject({
      kind: z.enum(['class', 'tags', 'tokens', 'numbers']),
      values: z.array(z.string()),
      /** False where a model that says sequences is given what it says itself, since nobody said what it should say. */
      given: z.boolean(),
    })
    .nullable(),
  /** Of the target, not weighed by class; `null` where there is none. */
  loss: figure.nullable(),
  /** Of each step, where the target has one a step: minus the logarithm of the target's probability. */
  losses: z.array(figure).nullable(),
  prediction,
  nodes: z.array(tracedNode),
  /**
   * Largest difference between what the kernels gave and what the cells' equations give for the same step, over all recurrences,
   * relative to the largest value of its sequence; and where it is. 0 and `null` where nothing recurs.
   */
  equality: z.strictObject({ difference: figure, within: z.number(), node: z.string().nullable() }),
});
export type Trace = z.infer<typeof trace>;
export type TracedNode = z.infer<typeof tracedNode>;
export type TracedRecurrence = z.infer<typeof tracedRecurrence>;
export type TracedStep = z.infer<typeof step>;

/** What a gradient is of. */
export const gradientOf = z.discriminatedUnion('kind', [
  /** The loss of the example, not weighed by class. */
  z.strictObject({ kind: z.literal('loss') }),
  /** The loss of one step, by itself. */
  z.strictObject({ kind: z.literal('step'), step: z.number().int().min(0) }),
  /** The logarithm of a class's or tag's probability, at the last step unless another is said; of a number, the number as it is learned. */
  z.strictObject({ kind: z.literal('class'), class: z.string().max(2000), step: z.number().int().min(0).optional() }),
  /** The logarithm of a token's probability. */
  z.strictObject({ kind: z.literal('token'), token: z.string().max(2000), step: z.number().int().min(0) }),
]);
export type GradientOf = z.infer<typeof gradientOf>;

/** Each parameter's gradient G is a sum over steps, G = Σ G_t. */
const terms = z.strictObject({
  /** ‖G_t‖ */
  norm: z.array(figure),
  /** ⟨G_t, G⟩ / ‖G‖²: they sum to 1, and one below 0 is cancelled by the others. All 0 where G is. */
  share: z.array(figure),
  /** ‖G‖ */
  total: figure,
});

const gradient = z.strictObject({
  /** Of what the gradient is taken. */
  value: figure,
  nodes: z.array(
    z.strictObject({
      node: z.string(),
      /** Norm of what arrives at each port, by step. */
      outputs: z.array(z.strictObject({ port: z.string(), norm: z.array(figure) })),
      recurrent: z.array(
        z.strictObject({
          layer: z.number().int(),
          direction: z.enum(['forward', 'backward']),
          /** By part of the state: norm of all that arrives at it after each step. */
          states: z.record(z.string(), z.array(figure)),
          /** Norm of what this direction hands to each step of its input. */
          inputs: z.array(figure),
          /** By the parameters' names in the equations. */
          terms: z.record(z.string(), terms),
        }),
      ),
    }),
  ),
});
export type GradientSummary = z.infer<typeof gradient>;

/** One direction of one layer. */
export const place = {
  trace: z.string(),
  node: z.string(),
  layer: z.number().int().min(0).default(0),
  direction: z.enum(['forward', 'backward']).default('forward'),
};
/** Where a cell ran. */
export type Place = Readonly<Omit<z.infer<z.ZodObject<typeof place>>, 'trace'>>;

export const inspectMethods = {
  /** Runs a network on one example and keeps what every value was at every step; dropout is off. */
  'inspect.trace': {
    params: z.strictObject({
      run: z.string(),
      input: inspectedInput,
      weights: inspectedWeights.default('best'),
      /** What it should say: a class, tags or numbers between spaces, a text. Of an example its own unless another is given. */
      target: z.string().max(200_000).optional(),
    }),
    result: trace,
  },
  /**
   * Values of a recurrence by name, `[T, units]` each, row t of step t whatever the direction. Beside those that the trace lists: `x`, what
   * it reads, and each state by its bare name, before the step.
   */
  'inspect.values': {
    params: z.strictObject({ ...place, names: z.array(z.string()).min(1).max(64) }),
    result: z.strictObject({ values: z.record(z.string(), numbers) }),
  },
  /** What a node gives at a port, whole: `[T, units]`, one row where it has no time. */
  'inspect.output': {
    params: z.strictObject({ trace: z.string(), node: z.string(), port: z.string() }),
    result: numbers,
  },
  /** The gradient of something picked with respect to everything that the trace has. */
  'inspect.gradient': {
    params: z.strictObject({ trace: z.string(), of: gradientOf.default({ kind: 'loss' }) }),
    result: gradient,
  },
  /** The same, whole: what arrives at the states after each step, by name, and at `x`, the direction's input `[T, units]`. */
  'inspect.gradientValues': {
    params: z.strictObject({ ...place, of: gradientOf.default({ kind: 'loss' }), names: z.array(z.string()).min(1).max(64) }),
    result: z.strictObject({ values: z.record(z.string(), numbers) }),
  },
  /**
   * How much what is said at step k depends on step t of the input: norm of the gradient of the log-probability of the target, or of what the
   * network says where nobody knows it, with respect to what the network first makes of the input `[K, T]`; one row where it has one answer.
   */
  'inspect.connectivity': {
    params: z.strictObject({ trace: z.string() }),
    result: z.strictObject({ says: z.array(z.string()), norms: numbers }),
  },
  /** Frees a trace before its time; the oldest go by themselves. */
  'inspect.forget': { params: z.strictObject({ trace: z.string() }), result: z.strictObject({}) },
} as const;
