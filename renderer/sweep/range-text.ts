import type { SettingRange, SettingValue } from '../../engine/document/sweep-settings.ts';
import { valueWord } from './words.ts';

/** `4, 8, off` */
export const choicesText = (values: readonly SettingValue[]): string => values.map(valueWord).join(', ');

/** The same back: numbers, `off`, `yes` and `no`, and words. A value that stands there twice is one. */
export function choicesFrom(text: string): SettingValue[] {
  const values = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part): SettingValue => {
      if (part === 'off') return null;
      if (part === 'yes' || part === 'no') return part === 'yes';
      const number = Number(part);
      return Number.isFinite(number) ? number : part;
    });
  return [...new Set(values)];
}

/** A range of another kind over about the same numbers. */
export function rangeAs(range: SettingRange, kind: SettingRange['kind']): SettingRange {
  if (range.kind === kind) return range;
  const numbers = range.kind === 'choices' ? range.values.filter((value) => typeof value === 'number') : [range.from, range.to];
  const [from, to] = numbers.length > 0 ? [Math.min(...numbers), Math.max(...numbers)] : [1, 1];
  if (kind === 'choices') return { kind, values: [...new Set([from, to])] };
  if (kind === 'linear') return { kind, from, to };
  const above = to > 0 ? to : 1;
  return { kind, from: from > 0 ? from : above / 100, to: above };
}
