import { listIn } from './list-cell.ts';
import type { Cell } from './record.ts';

/**
 * Tags that a cell holds as a text, with commas between them too: `O,B-PER,O` or `O, B-PER, O`, as tables of named entities write them.
 *
 * @param tags what stands between its spaces
 * @param tokens how many are to be tagged: of one, the tag may have a comma in it
 */
export function tagsBetweenCommas(cell: Cell, tags: readonly string[], tokens: number): readonly string[] {
  if (typeof cell !== 'string' || listIn(cell) !== null) return tags;
  const [only = ''] = tags;
  if (tags.length === 1) return tokens > 1 ? only.split(',') : tags;
  const rest = tags.slice(0, -1);
  // A comma alone is the tag of one, in Penn's way.
  if (tags.length === 0 || !rest.every((tag) => tag.length > 1 && tag.endsWith(','))) return tags;
  return [...rest.map((tag) => tag.slice(0, -1)), ...tags.slice(-1)];
}
