import { RankedScores } from '../../metrics/ranked-scores.ts';

/**
 * How well each unit alone tells the places where something holds from those where it does not: the area under the receiver operating
 * characteristic, as of a run's metrics. 1 is always higher there, 0 always lower, ½ says nothing; `null` where the label is everywhere or
 * nowhere, or a value is no number.
 *
 * @param values `[n, H]`
 * @param labels of each of the n places; `null` leaves it out
 */
export function unitAuroc(
  values: { readonly rows: number; readonly width: number; readonly data: ArrayLike<number> },
  labels: readonly (boolean | null)[],
): (number | null)[] {
  if (labels.length !== values.rows) throw new Error(`${labels.length} labels for ${values.rows} places`);
  return Array.from({ length: values.width }, (_, unit) => {
    const scores = new RankedScores();
    labels.forEach((label, row) => {
      if (label !== null) scores.add(label, values.data[row * values.width + unit] ?? Number.NaN);
    });
    return scores.values()['auroc'] ?? null;
  });
}
