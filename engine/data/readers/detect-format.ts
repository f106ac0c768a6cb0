import type { ReaderSettings } from '../../document/data-binding.ts';
import { looksLikeArff } from './arff.ts';
import { detectDelimiter, spacedNumbers } from './delimiter.ts';
import { withoutComments } from './find-table.ts';
import { beginsArray } from './json-table.ts';
import { parseObject } from './jsonl.ts';
import { suffixOf } from './suffix.ts';
import { looksLikeTs } from './ts-file.ts';

/** By content first: an extension is only a name. */
export function detectFormat(path: string, lines: readonly string[]): ReaderSettings['format'] {
  const filled = lines.filter((line) => line.trim() !== '').slice(0, 50);
  if (looksLikeArff(lines)) return 'arff';
  if (looksLikeTs(lines)) return 'ts';
  if (beginsArray(lines)) return 'jsonl';
  if (filled.length > 0 && filled.filter((line) => typeof parseObject(line) !== 'string').length > filled.length / 2)
    return 'jsonl';
  switch (suffixOf(path)) {
    case '.csv':
    case '.tsv':
    case '.tab':
      return 'delimited';
    case '.jsonl':
    case '.ndjson':
    case '.json':
      return 'jsonl';
    case '.conll':
    case '.conllu':
    case '.iob':
    case '.bio':
      return 'conll';
  }
  if (spacedNumbers(withoutComments(filled))) return 'delimited';
  return looksLikeConll(lines)
    ? 'conll'
    : looksDelimited(
          withoutComments(lines)
            .filter((line) => line.trim() !== '')
            .slice(0, 50),
        )
      ? 'delimited'
      : 'text';
}

/** Short lines of equally many columns, with empty lines between sentences. */
function looksLikeConll(lines: readonly string[]): boolean {
  const inside = lines.slice(0, -1);
  const empty = inside.filter((line) => line.trim() === '').length;
  const widths = new Set(
    lines
      .filter((line) => line.trim() !== '' && !line.startsWith('#') && !line.startsWith('-DOCSTART-'))
      .map((line) => line.trim().split(/\s+/).length),
  );
  return empty > 0 && widths.size === 1 && !widths.has(1);
}

function looksDelimited(lines: readonly string[]): boolean {
  const delimiter = detectDelimiter(lines);
  if (delimiter === ' ') return true;
  const widths = lines.map((line) => line.split(delimiter).length);
  if (delimiter === '\t' && (widths[0] ?? 1) > 1) return true;
  // The header may have a name with the sign in it.
  const usual = widths[1] ?? widths[0] ?? 1;
  return usual > 1 && widths.filter((width) => width === usual).length >= lines.length * 0.9;
}
