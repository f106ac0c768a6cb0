import { z } from 'zod';

/** The newest saved format of lessons that this program reads. */
const lessonVersion = 1;

const text = z.string().min(1).max(4000);
const layer = z.string().min(1).max(64);
/** Settings of a node, each with the value that it must have. */
const settings = z.record(z.string().max(64), z.union([z.string().max(1000), z.number(), z.boolean(), z.null()]));

/** Parts of the window that a step can point at, besides nodes. */
export const lessonParts = [
  'layers',
  'canvas',
  'inspector',
  'train',
  'training-panel',
  'device',
  'data-tab',
  'runs-tab',
  'playground-tab',
  'look-inside',
  'sentence',
  'microscope',
] as const;
export type LessonPart = (typeof lessonParts)[number];

const point = z.union([
  /** The first node of this kind. */
  z.strictObject({ node: layer }),
  /** The first nodes of two kinds: what a wire is drawn from and to. */
  z.strictObject({ from: layer, to: layer }),
  z.strictObject({ part: z.enum(lessonParts) }),
]);
export type LessonPoint = z.infer<typeof point>;

/** What the window can show. `cell`: the inside of a cell; `unfolded`: a layer of the canvas, unfolded in time. */
const shown = z.enum(['design', 'data', 'runs', 'playground', 'cell', 'unfolded']);

/**
 * What is so, or not yet: a step goes on by itself when its condition holds, and a question counts an experiment as made.
 * Closed on `kind`.
 */
const simple = z.discriminatedUnion('kind', [
  /** A node of this kind with these settings is wired on the canvas, or in a block. */
  z.strictObject({ kind: z.literal('node'), layer, with: settings.default({}) }),
  /** A wire from one kind to another. */
  z.strictObject({ kind: z.literal('wire'), from: layer, to: layer }),
  z.strictObject({ kind: z.literal('shows'), what: shown }),
  /** A view of the microscope is open, by its name, e.g. `gradient`. */
  z.strictObject({ kind: z.literal('view'), view: z.string().min(1).max(40) }),
  /**
   * A training that was begun in this lesson has come to its end, of a graph with this node where one is named; where a metric is named, its
   * best on the split that judges is at least or at most so much.
   */
  z.strictObject({
    kind: z.literal('run'),
    layer: layer.optional(),
    with: settings.default({}),
    metric: z.string().max(40).optional(),
    atLeast: z.number().optional(),
    atMost: z.number().optional(),
  }),
]);
const condition = z.union([simple, z.strictObject({ kind: z.literal('all'), of: z.array(simple).min(2).max(6) })]);
export type SimpleCondition = z.infer<typeof simple>;
export type LessonCondition = z.infer<typeof condition>;

const step = z.strictObject({
  title: z.string().min(1).max(100),
  /** Markdown, with `$…$` and `$$…$$` as TeX. */
  text,
  point: point.optional(),
  /** Absent: the reader goes on by herself. */
  until: condition.optional(),
});
export type LessonStep = z.infer<typeof step>;

const question = z.strictObject({
  text,
  /** What has to be tried before an answer counts. */
  experiment: condition,
  /** What to do, in a sentence, until it was tried. */
  task: text,
  answers: z
    .array(z.strictObject({ text: z.string().min(1).max(300), right: z.boolean().default(false), reply: text }))
    .min(2)
    .max(6)
    .refine((answers) => answers.filter(({ right }) => right).length === 1, 'exactly one answer is right'),
});
export type LessonQuestion = z.infer<typeof question>;

/** `*.lesson.json`: a document to start from, steps that point at the live window, and a question that an experiment answers. Data only. */
export const lesson = z.strictObject({
  format: z.literal('unroll-lesson'),
  version: z.literal(lessonVersion),
  name: z.string().regex(/^[a-z0-9-]{1,64}$/, 'expected lower-case letters, digits and -'),
  title: z.string().min(1).max(100),
  /** What is learned from it, in one sentence. */
  teaches: z.string().min(1).max(300),
  minutes: z.number().int().min(1).max(120),
  start: z.union([
    z.strictObject({ template: z.string().min(1).max(64) }),
    /** As in its file, of any version that can be read. */ z.strictObject({ document: z.record(z.string(), z.unknown()) }),
  ]),
  steps: z.array(step).min(1).max(30),
  question,
});
export type Lesson = z.infer<typeof lesson>;

/** Largest file that is read as a lesson, bytes. */
export const lessonLimit = 4 * 1024 * 1024;
