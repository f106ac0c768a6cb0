import { z } from 'zod';
import type { BackendName } from '../engine/protocol/app.ts';

/** What every peer trains or runs: token ids → embedding → recurrent layers → head. Crosses processes, so it is a schema. */
export const task = z.strictObject({
  /** A training step, one forward pass, or a whole epoch of a template. */
  kind: z.enum(['train', 'inference', 'epoch']),
  cell: z.enum(['rnn', 'gru', 'lstm']),
  directions: z.union([z.literal(1), z.literal(2)]),
  layers: z.number().int().min(1),
  /** E */
  embedding: z.number().int(),
  /** H */
  hidden: z.number().int(),
  /** B */
  rows: z.number().int(),
  /** T of the longest row */
  steps: z.number().int(),
  /** T of the shortest row; lengths are uniform in between. */
  shortest: z.number().int(),
  /** V */
  vocabulary: z.number().int(),
  classes: z.number().int(),
  head: z.enum(['last', 'max', 'every-step']),
  /** The GRU that PyTorch and Keras have, or the only one that tfjs-layers has. */
  form: z.enum(['reset-after', 'relevance-before']),
  learningRate: z.number(),
  clipNorm: z.number().nullable(),
  /** Whose data an epoch runs over. */
  template: z.string().nullable(),
  /** A cell by its equations in place of `cell`, and how PyTorch runs its class of it. */
  own: z
    .strictObject({ equations: z.string(), torchClass: z.string(), way: z.enum(['eager', 'script', 'compile']) })
    .nullable()
    .default(null),
});
export type Task = z.infer<typeof task>;

export interface BenchCase {
  /** e.g. `E64 H128 B64 T80` */
  readonly name: string;
  readonly backend: BenchBackend;
  readonly task: Task;
  /** Part of `--quick`. */
  readonly quick: boolean;
  /** Timed are single calls, each after a rest. */
  readonly rested: boolean;
}
export type BenchBackend = Exclude<BackendName, 'javascript'>;

interface Size extends Pick<Task, 'kind' | 'embedding' | 'hidden' | 'rows' | 'steps'> {
  readonly name: string;
  readonly shortest?: number;
  readonly rested?: boolean;
}

const sizes = {
  small: { name: 'E64 H128 B64 T80', kind: 'train', embedding: 64, hidden: 128, rows: 64, steps: 80 },
  middle: { name: 'E128 H256 B64 T80', kind: 'train', embedding: 128, hidden: 256, rows: 64, steps: 80 },
  large: { name: 'E256 H512 B32 T80', kind: 'train', embedding: 256, hidden: 512, rows: 32, steps: 80 },
  long: { name: 'E64 H128 B64 T400', kind: 'train', embedding: 64, hidden: 128, rows: 64, steps: 400 },
  ragged: { name: 'E128 H256 B64 T10-80', kind: 'train', embedding: 128, hidden: 256, rows: 64, steps: 80, shortest: 10 },
  latency: { name: 'inference E128 H256 B1 T80', kind: 'inference', embedding: 128, hidden: 256, rows: 1, steps: 80 },
  rested: {
    name: 'first inference after a rest E128 H256 B1 T80',
    kind: 'inference',
    embedding: 128,
    hidden: 256,
    rows: 1,
    steps: 80,
    rested: true,
  },
  tiny: { name: 'E32 H64 B16 T40', kind: 'train', embedding: 32, hidden: 64, rows: 16, steps: 40 },
} as const satisfies Record<string, Size>;

const cells = ['rnn', 'gru', 'lstm'] as const;
const structures = [
  { directions: 1, layers: 1 },
  { directions: 2, layers: 1 },
  { directions: 1, layers: 2 },
  { directions: 2, layers: 2 },
] as const;

/** Rows of `--quick`, as `backend size cell directions layers`. */
const quick: readonly string[] = [
  'tensorflow small rnn 1 1',
  'tensorflow small gru 1 1',
  'tensorflow small lstm 1 1',
  'tensorflow small lstm 2 1',
  'tensorflow middle lstm 1 1',
  'tensorflow ragged gru 1 1',
  'tensorflow latency lstm 1 1',
  'wasm small lstm 1 1',
  'webgpu tiny lstm 1 1',
];

/** What all rows of the tables have in common. */
export const common = {
  vocabulary: 5000,
  classes: 2,
  head: 'last',
  form: 'reset-after',
  learningRate: 0.001,
  clipNorm: null,
  template: null,
  own: null,
} as const satisfies Partial<Task>;

function rows(backend: BenchBackend, names: readonly (keyof typeof sizes)[], shapes: readonly (typeof structures)[number][]) {
  return names.flatMap((size) =>
    shapes.flatMap(({ directions, layers }) =>
      cells.map((cell): BenchCase => {
        const { name, rested = false, ...numbers }: Size = sizes[size];
        return {
          name,
          backend,
          rested,
          quick: quick.includes(`${backend} ${size} ${cell} ${directions} ${layers}`),
          task: {
            shortest: numbers.steps,
            ...numbers,
            cell,
            directions,
            layers,
            ...common,
          },
        };
      }),
    ),
  );
}

/** The table, in the order in which it is measured. */
export const stepCases: readonly BenchCase[] = [
  ...rows('tensorflow', ['small', 'middle', 'large', 'long', 'ragged', 'latency', 'rested'], structures),
  ...rows('wasm', ['small'], structures.slice(0, 2)),
  ...rows('wasm', ['latency'], structures.slice(0, 1)),
  ...rows('webgpu', ['tiny'], structures.slice(0, 1)),
];

/** Templates of which whole epochs are measured, with the structure that their row is named after. */
export const epochTemplates = [
  { template: 'syllables', cell: 'gru', directions: 2, layers: 1 },
  { template: 'name-tagger', cell: 'lstm', directions: 2, layers: 1 },
  { template: 'pos-tagger', cell: 'lstm', directions: 1, layers: 1 },
  { template: 'agreement', cell: 'lstm', directions: 1, layers: 1 },
] as const;

/** Training steps whose memory is measured, each in a fresh process. */
export const memoryCases: readonly BenchCase[] = stepCases.filter(
  ({ backend, name, task: { cell, directions, layers } }) =>
    backend === 'tensorflow' &&
    cell === 'lstm' &&
    directions === 1 &&
    layers === 1 &&
    [sizes.large.name, sizes.long.name].some((size) => size === name),
);

export const cellNames: Readonly<Record<Task['cell'], string>> = { rnn: 'RNN', gru: 'GRU', lstm: 'LSTM' };

/** A row's full name, matched by `--only`: `tensorflow LSTM both ×2 E64 H128 B64 T80`. */
export function rowTitle({
  backend,
  name,
  task: { cell, directions, layers },
}: Pick<BenchCase, 'backend' | 'name'> & {
  readonly task: Pick<Task, 'cell' | 'directions' | 'layers'>;
}): string {
  return `${backend} ${cellNames[cell]}${directions === 2 ? ' both' : ''}${layers > 1 ? ` ×${layers}` : ''} ${name}`;
}
