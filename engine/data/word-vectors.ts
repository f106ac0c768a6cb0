import { UserError } from '../protocol/envelope.ts';
import { specialTokenNames } from './dataset.ts';
import { readLines } from './readers/lines.ts';

/** Rows of a word-vector file for the tokens of a vocabulary. */
export interface WordVectors {
  /** Vocabulary id → its vector `[width]`. */
  readonly rows: ReadonlyMap<number, Float32Array>;
  /** Words in the file, bad lines not counted. */
  readonly words: number;
  /** Lines that are no word with `width` numbers. */
  readonly badLines: number;
  /** Line of the first of them, from 1; `null` when there is none. */
  readonly firstBadLine: number | null;
}

/**
 * Reads the text formats of GloVe (`word x1 … xD`), fastText and word2vec (the same after a first line `words D`), as UTF-8. A
 * word may hold spaces: the last D fields are the numbers. The file is streamed and only the vocabulary's rows are kept. A
 * token that the file spells otherwise takes its lower-case form's vector; where a word comes twice, the first counts.
 *
 * @param width numbers that the embedding expects of each word
 * @throws UserError `vectors-width` when the file's vectors are of another width, `vectors-not-text` when it holds no vector; what
 *   stands in the way of reading the file
 */
export async function readWordVectors(
  path: string,
  vocabulary: readonly string[],
  width: number,
  signal?: AbortSignal,
): Promise<WordVectors> {
  const wanted = new Map<string, number>();
  vocabulary.forEach((token, id) => {
    if (id >= specialTokenNames.length) wanted.set(token, id);
  });
  const exact = new Map<number, Float32Array>();
  const folded = new Map<string, Float32Array>();
  const lower = new Set([...wanted.keys()].map((token) => token.toLowerCase()));
  let words = 0;
  let badLines = 0;
  let firstBadLine: number | null = null;
  for await (const block of readLines(path, 'utf-8', { signal })) {
    for (const [at, line] of block.lines.entries()) {
      const number = block.first + at;
      if (line.trim() === '') continue;
      const header = number === 1 ? headerWidth(line) : null;
      if (header !== null) {
        if (header !== width) throw otherWidth(path, header, width);
        continue;
      }
      // Most lines of a large file are of words that are not wanted: their numbers are not parsed.
      const fields = line.trimEnd().split(/[ \t]/);
      const found = words === 0 && badLines === 0 ? leadingWidth(fields) : width;
      if (found !== width && found > 0) throw otherWidth(path, found, width);
      const word = fields.slice(0, -width).join(' ');
      const id = wanted.get(word);
      const keepFolded = lower.has(word) && !folded.has(word);
      const check = id !== undefined || keepFolded || words === 0;
      const vector = check ? numbers(fields.slice(-width)) : null;
      if (fields.length <= width || word === '' || (check && vector === null)) {
        badLines++;
        firstBadLine ??= number;
        continue;
      }
      words++;
      if (vector === null) continue;
      if (id !== undefined && !exact.has(id)) exact.set(id, vector);
      if (keepFolded) folded.set(word, vector);
    }
  }
  if (words === 0) throw noVectors(path);
  for (const [token, id] of wanted) {
    const vector = folded.get(token.toLowerCase());
    if (!exact.has(id) && vector) exact.set(id, vector);
  }
  return { rows: exact, words, badLines, firstBadLine };
}

/** word2vec and fastText begin with the number of words and of numbers. */
function headerWidth(line: string): number | null {
  const match = /^(\d+)[ \t](\d+)\s*$/.exec(line);
  // “7 3” may also be the word “7” with one number; no one trains vectors of width 1.
  return match ? Number(match[2]) : null;
}

/** Numbers at the end of the first row. */
function leadingWidth(fields: readonly string[]): number {
  let count = 0;
  for (let i = fields.length - 1; i > 0 && isNumber(fields[i] ?? ''); i--) count++;
  return count;
}

function numbers(fields: readonly string[]): Float32Array | null {
  return fields.every(isNumber) ? Float32Array.from(fields, Number) : null;
}

const isNumber = (field: string): boolean => field !== '' && Number.isFinite(Number(field));

const fileName = (path: string): string => path.split(/[\\/]/).at(-1) ?? path;

const otherWidth = (path: string, found: number, expected: number): UserError =>
  new UserError({
    code: 'vectors-width',
    message: `${fileName(path)} has ${found} numbers per word, but the embedding is ${expected} wide.`,
    hint: `Set the width of the Embedding to ${found}, or choose vectors of ${expected} numbers.`,
  });

const noVectors = (path: string): UserError =>
  new UserError({
    code: 'vectors-not-text',
    message: `${fileName(path)} holds no word vectors: expected a word and its numbers on each line, between spaces.`,
    hint: 'Choose a text file in the format of GloVe, fastText (.vec) or word2vec (.txt, not .bin).',
  });
