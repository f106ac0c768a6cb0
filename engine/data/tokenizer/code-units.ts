const mostAtOnce = 4096;

/** The text of a range of UTF-16 code units. */
export function textOfUnits(units: Uint16Array, start: number, end: number): string {
  if (end - start <= mostAtOnce) return String.fromCharCode(...units.subarray(start, end));
  let text = '';
  for (let from = start; from < end; from += mostAtOnce)
    text += String.fromCharCode(...units.subarray(from, Math.min(from + mostAtOnce, end)));
  return text;
}
