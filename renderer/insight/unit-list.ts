/** Units as a person writes them: `3, 5-8`, or `all`; a message where they are none of so many. */
export function unitList(
  text: string,
  count: number,
): { readonly units: readonly number[] | null } | { readonly problem: string } {
  const trimmed = text.trim().toLowerCase();
  if (trimmed === 'all' || trimmed === '') return { units: null };
  const units = new Set<number>();
  for (const part of trimmed.split(',')) {
    const [, low, high] = /^\s*(\d+)\s*(?:[-–]\s*(\d+))?\s*$/.exec(part) ?? [];
    if (low === undefined) return { problem: 'Write units as 3, 5-8, or all.' };
    const [from, to] = [Number(low), Number(high ?? low)];
    if (to >= count || from > to) return { problem: `Units are 0 to ${count - 1}.` };
    for (let unit = from; unit <= to; unit++) units.add(unit);
  }
  return { units: [...units].sort((a, b) => a - b) };
}

/** The same, short. */
export function unitWords(units: readonly number[] | null): string {
  if (units === null) return 'all units';
  if (units.length === 1) return `unit ${units[0]}`;
  const parts: [number, number][] = [];
  for (const unit of units) {
    const last = parts.at(-1);
    if (last && last[1] === unit - 1) last[1] = unit;
    else parts.push([unit, unit]);
  }
  return `units ${parts.map(([from, to]) => (from === to ? from : `${from}–${to}`)).join(', ')}`;
}
