import { parseNumber } from './readers/number-format.ts';

const signs = ['|', ';', ','];

/**
 * Whether classes are several labels joined to one text, `Action|Drama` beside `Drama`: labels stand alone too, or at another place of
 * another class. One such label may be chance (`Georgia` beside `Atlanta, Georgia`), and figures are numbers (`1,5`).
 */
export function joinedLabels(classes: readonly string[]): string[] {
  for (const sign of signs) {
    const split = classes.map((name) => name.split(sign).map((label) => label.trim()));
    const joined = split.filter((labels) => labels.length > 1);
    const places = new Map<string, Set<number>>();
    for (const labels of split) {
      labels.forEach((label, at) => {
        const place = labels.length === 1 ? -1 : at;
        places.set(label, (places.get(label) ?? new Set()).add(place));
      });
    }
    const moving = [...places].filter(([label, at]) => label !== '' && at.size > 1).length;
    const example = classes.find((name) => name.includes(sign));
    if (moving < 2 || example === undefined || joined.flat().every((label) => /^[+-]?\d+$/.test(label))) continue;
    return [
      `Labels such as “${example}” look like several labels joined by “${sign}”: each of the ${joined.length} combinations counts as a class of its own, and several labels an example (multi-label classification) are not supported. Choose a column with one label for each example, or make one yes-or-no column for each label and train one model for each.`,
    ];
  }
  return [];
}

/** Says which classes are the same but for how they are written: `True` beside `true`, `1.0` beside `1`. */
export function alikeLabels(classes: readonly string[]): string[] {
  const plain = (name: string): string => String(parseNumber(name) ?? name.normalize('NFKC').toLowerCase().replace(/\s+/g, ' '));
  const groups = new Map<string, string[]>();
  for (const name of classes) groups.set(plain(name), [...(groups.get(plain(name)) ?? []), name]);
  const alike = [...groups.values()].filter((names) => names.length > 1);
  if (alike.length === 0) return [];
  const shown = alike.slice(0, 3).map((names) => names.map((name) => `“${name}”`).join(' and '));
  const more = alike.length > shown.length ? `, and ${alike.length - shown.length} more` : '';
  return [
    `The classes ${shown.join(', ')}${more} differ in capitals, spaces or figures alone: each counts as a class of its own. If they are meant as one, write them alike in the file.`,
  ];
}
