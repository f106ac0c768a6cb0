import { z } from 'zod';
import { rowTitle } from './cases.ts';
import { floorMs } from './floor.ts';
import type { Measured } from './measure.ts';
import type { PeerName } from './peer.ts';
import { geometricMean, median } from './statistics.ts';

const milliseconds = z.number().positive().nullable();

export const resultRow = z.strictObject({
  case: z.string(),
  cell: z.enum(['rnn', 'gru', 'lstm']),
  directions: z.union([z.literal(1), z.literal(2)]),
  layers: z.number().int(),
  backend: z.enum(['tensorflow', 'wasm', 'webgpu']),
  unroll_ms: z.number().positive(),
  pytorch_ms: milliseconds,
  keras_ms: milliseconds,
  tfjs_layers_ms: milliseconds,
  /** Both `null` where the processor has no bfloat16 instructions, and where nothing is trained. */
  unroll_bfloat16_ms: milliseconds,
  pytorch_bfloat16_ms: milliseconds,
  /** `null` where something is trained. */
  onnxruntime_ms: milliseconds.default(null),
  floor_ms: z.number().positive(),
});
export type ResultRow = z.infer<typeof resultRow>;

export const machine = z.strictObject({
  processor: z.string(),
  cores: z.number().int(),
  /** Of each peer. */
  threads: z.number().int(),
  memory_gb: z.number(),
  system: z.string(),
  node: z.string(),
  date: z.string(),
  /** Share of the cores that other work took just before and just after the run, the larger; 0 to 1. */
  other_work: z.number(),
  versions: z.record(z.string(), z.string()),
  /** Best rate of a 1024³ float32 product among the peers: the median over the rows. 0 where none was measured. */
  sgemm_gflops: z.number(),
});
export type Machine = z.infer<typeof machine>;

/** With more than this share of other work, ratios say little: peers suffer from it differently. */
export const isBusy = ({ other_work }: Pick<Machine, 'other_work'>): boolean => other_work > 0.1;

/** The file of `--json`. */
export const benchFile = z.strictObject({ machine, rows: z.array(resultRow) });

/** Peak memory of a fresh process after some training steps. */
export const memoryResult = z.strictObject({
  row: z.string(),
  peer: z.enum(['unroll', 'pytorch', 'keras']),
  startBytes: z.number(),
  peakBytes: z.number(),
});
export type MemoryResult = Readonly<z.infer<typeof memoryResult>>;

/** Where Unroll's time goes in a row that falls short. */
const rowProfile = z.strictObject({
  row: z.string(),
  kernels: z.array(z.strictObject({ name: z.string(), ms: z.number() })),
});
export type RowProfile = z.infer<typeof rowProfile>;

/** Everything that a run found; saved after each row, so that `--resume` can go on from it. */
export const savedResults = benchFile.extend({
  memory: z.array(memoryResult),
  profiles: z.array(rowProfile),
  /** Sentences on who is absent and what a peer could not compute. */
  notes: z.array(z.string()),
  /** Sentences on rows that broke off or whose losses differ: they are not reported, and the command fails. */
  failures: z.array(z.string()),
});
export type Results = z.infer<typeof savedResults>;

/** Median of each peer, and the floor at the machine's rate. */
export function rowOf({ bench, tokens, samples }: Measured, gflops: number): ResultRow {
  const { task, name, backend } = bench;
  const of = (times: readonly number[] | undefined): number | null => (times?.length ? rounded(median(times)) : null);
  return resultRow.parse({
    case: name,
    cell: task.cell,
    directions: task.directions,
    layers: task.layers,
    backend,
    unroll_ms: of(samples.unroll),
    pytorch_ms: of(samples.pytorch),
    keras_ms: of(samples.keras),
    tfjs_layers_ms: of(samples.tfjs_layers),
    unroll_bfloat16_ms: of(samples.unroll_bfloat16),
    pytorch_bfloat16_ms: of(samples.pytorch_bfloat16),
    onnxruntime_ms: of(samples.onnxruntime),
    floor_ms: rounded(floorMs(task, tokens, gflops)),
  });
}

const rounded = (ms: number): number => Number(ms.toPrecision(5));

export const titleOf = (row: ResultRow): string => rowTitle({ backend: row.backend, name: row.case, task: row });

export const peerColumns = ['pytorch_ms', 'keras_ms', 'tfjs_layers_ms', 'pytorch_bfloat16_ms', 'onnxruntime_ms'] as const;
export type PeerColumn = (typeof peerColumns)[number];
export const peerOf = {
  pytorch_ms: 'pytorch',
  keras_ms: 'keras',
  tfjs_layers_ms: 'tfjs_layers',
  pytorch_bfloat16_ms: 'pytorch_bfloat16',
  onnxruntime_ms: 'onnxruntime',
} as const satisfies Readonly<Record<PeerColumn, PeerName>>;

/** How many times faster Unroll is than a peer, both in float32 or both in bfloat16; `null` where one of them is absent. */
export function ratio(row: ResultRow, column: PeerColumn): number | null {
  const peer = row[column];
  const own = column === 'pytorch_bfloat16_ms' ? row.unroll_bfloat16_ms : row.unroll_ms;
  return peer === null || own === null ? null : peer / own;
}

/** Geometric mean and the worst row against a peer, among rows of a backend; `null` where nothing was measured. */
export function against(
  rows: readonly ResultRow[],
  backend: ResultRow['backend'],
  column: PeerColumn,
): { readonly mean: number; readonly worst: ResultRow; readonly worstRatio: number; readonly rows: number } | null {
  const compared = rows
    .filter((row) => row.backend === backend)
    .flatMap((row) => {
      const value = ratio(row, column);
      return value === null ? [] : [{ row, value }];
    })
    .sort((a, b) => a.value - b.value);
  const [worst] = compared;
  const mean = geometricMean(compared.map(({ value }) => value));
  if (worst === undefined || mean === null) return null;
  return { mean, worst: worst.row, worstRatio: worst.value, rows: compared.length };
}
