/** Mean of values, and their standard deviation as a sample (with n − 1). */
export function meanAndDeviation(values: readonly number[]): { readonly mean: number; readonly deviation: number } {
  const mean = average(values);
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / (values.length - 1)) };
}

export const average = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
