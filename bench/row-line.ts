import { rowTitle } from './cases.ts';
import type { Measured } from './measure.ts';
import type { ResultRow } from './results.ts';

/** A row on the terminal. */
export function lineOf({ bench, sgemmGflops }: Measured, row: ResultRow): string {
  const times: readonly (readonly [string, number | null])[] = [
    ['unroll', row.unroll_ms],
    ['pytorch', row.pytorch_ms],
    ['keras', row.keras_ms],
    ['tfjs-layers', row.tfjs_layers_ms],
    ...(row.unroll_bfloat16_ms === null ? [] : [['unroll bf16', row.unroll_bfloat16_ms] as const]),
    ...(row.onnxruntime_ms === null ? [] : [['onnxruntime', row.onnxruntime_ms] as const]),
    ...(row.pytorch_bfloat16_ms === null ? [] : [['pytorch bf16', row.pytorch_bfloat16_ms] as const]),
  ];
  const columns = times.map(([name, ms]) => `${name} ${(ms === null ? '–' : ms.toFixed(ms < 10 ? 2 : 1)).padStart(7)}`);
  const floor = `${((100 * row.floor_ms) / row.unroll_ms).toFixed(0).padStart(3)} % of floor`;
  const rate = sgemmGflops > 0 ? `  sgemm ${sgemmGflops.toFixed(0)} GFLOP/s` : '';
  return `${rowTitle(bench).padEnd(48)} ${columns.join('  ')}  ms  ${floor}${rate}`;
}
