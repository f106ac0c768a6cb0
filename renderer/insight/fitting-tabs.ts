/**
 * Which tabs of a bar are shown: the first ones, as many as fit, and the one that is open in any case.
 *
 * @param widths of all of them, px
 * @param gap between two, px
 * @returns places of those that are not shown, in order
 */
export function tabsLeftOut(widths: readonly number[], open: number, room: number, gap: number): readonly number[] {
  const all = widths.map((width, place) => ({ place, width: width + gap }));
  // The last has no gap behind it.
  let left = room + gap - (all[open]?.width ?? 0);
  const out: number[] = [];
  for (const { place, width } of all) {
    if (place === open) continue;
    left -= width;
    if (left < 0) out.push(place);
  }
  return out;
}
