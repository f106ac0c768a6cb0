/** Where arrow keys, Home and End bring a cursor on a row of steps, the ends included; `undefined` of any other key. */
export function walkedTo(key: string, from: number, last: number): number | undefined {
  const to = { ArrowLeft: from - 1, ArrowRight: from + 1, Home: 0, End: last }[key];
  return to === undefined ? undefined : Math.min(last, Math.max(0, to));
}
