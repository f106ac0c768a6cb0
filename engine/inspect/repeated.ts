import type { Batch } from '../data/dataset.ts';

/** A batch of one row, that row so many times. */
export function repeated(batch: Batch, rows: number): Batch {
  const times = <A extends Int32Array | Float32Array>(values: A, width: number, out: A): A => {
    for (let at = 0; at < values.length / width; at++)
      for (let row = 0; row < rows; row++) out.set(values.subarray(at * width, (at + 1) * width), (at * rows + row) * width);
    return out;
  };
  const all = (lengths: Int32Array): Int32Array => new Int32Array(rows).fill(lengths[0] ?? 1);
  const { tokens, series, target, steps, classTargets, tagTargets, numberTargets } = batch;
  const ids = (values: Int32Array): Int32Array => times(values, 1, new Int32Array(values.length * rows));
  return {
    ...batch,
    rows,
    tokens: tokens && ids(tokens),
    series: series && times(series, series.length / steps, new Float32Array(series.length * rows)),
    lengths: all(batch.lengths),
    classTargets: classTargets && ids(classTargets),
    tagTargets: tagTargets && ids(tagTargets),
    numberTargets: numberTargets && times(numberTargets, numberTargets.length, new Float32Array(numberTargets.length * rows)),
    target: target ? { steps: target.steps, inputs: ids(target.inputs), lengths: all(target.lengths) } : null,
  };
}
