/**
 * Exponential moving average, corrected for its start (as Adam corrects its moments) so that the first points are not pulled to
 * zero. `weight` 0 returns the values themselves, towards 1 smooths more. `null` and non-finite values pass through untouched.
 */
export function smooth(values: readonly (number | null)[], weight: number): (number | null)[] {
  if (weight <= 0) return [...values];
  let average = 0;
  let correction = 1;
  return values.map((value) => {
    if (value === null || !Number.isFinite(value)) return value;
    average = weight * average + (1 - weight) * value;
    correction *= weight;
    return average / (1 - correction);
  });
}
