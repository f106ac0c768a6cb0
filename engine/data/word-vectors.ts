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
  const head = await firstRows(path, signal);
  const header = headerOf(head, width);
  const found = usualWidth(header === null ? head : head.slice(1));
  if (header?.sure && header.width !== width) throw otherWidth(path, header.width, width);
  if (found > 0 && found !== width) throw otherWidth(path, found, width);
  let doubtful: Float32Array | null = null;
  for await (const block of readLines(path, 'utf-8', { signal })) {
    for (const [at, line] of block.lines.entries()) {
      const number = block.first + at;
      if (line.trim() === '') continue;
      if (number === 1 && header !== null) {
        if (!header.sure) doubtful = Float32Array.of(header.width);
        continue;
      }
      // Most lines of a large file are of words that are not wanted: their numbers are not parsed.
      const fields = line.trimEnd().split(/[ \t]/);
      const word = fields.slice(0, -width).join(' ');
      const id = wanted.get(word);
      const keepFolded = lower.has(word) && !folded.has(word);
      const check = id !== undefined || keepFolded || words === 0;
      const vector = check ? numbers(fields.slice(-width)) : null;
      if (word === '' || (check && vector === null)) {
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
  // “4 1” was a word unless the lines that follow are four.
  if (doubtful !== null && header !== null && header.words !== words) {
    words++;
    const id = wanted.get(String(header.words));
    if (id !== undefined) exact.set(id, doubtful);
  }
  if (words === 0) throw noVectors(path);
  for (const [token, id] of wanted) {
    const vector = folded.get(token.toLowerCase());
    if (!exact.has(id) && vector) exact.set(id, vector);
  }
  return { rows: exact, words, badLines, firstBadLine };
}

/** Rows that tell the width. */
const lookedRows = 20;

/** Fields of the first lines that are not empty. */
async function firstRows(path: string, signal: AbortSignal | undefined): Promise<string[][]> {
  const head: string[][] = [];
  for await (const { lines } of readLines(path, 'utf-8', { signal })) {
    for (const line of lines) if (line.trim() !== '') head.push(line.trimEnd().split(/[ \t]/));
    if (head.length >= lookedRows) break;
  }
  return head.slice(0, lookedRows);
}

/**
 * word2vec and fastText begin with the number of words and of numbers; `null` where the first line is a word. “7 3” may also be the
 * word “7” with one number: then the lines below have one, too, and only `400 1` leaves it open until all are counted.
 */
function headerOf(
  [first, ...rest]: readonly (readonly string[])[],
  width: number,
): { readonly words: number; readonly width: number; readonly sure: boolean } | null {
  const [count = '', declared = ''] = first ?? [];
  if (first?.length !== 2 || !/^\d+$/.test(count) || !/^\d+$/.test(declared)) return null;
  const below = usualWidth(rest);
  const header = { words: Number(count), width: Number(declared) };
  if (below === header.width && below === 1) return { ...header, sure: false };
  return below === 1 || (rest.length === 0 && width === 1) ? null : { ...header, sure: true };
}

/** Numbers at the end of most rows; 0 where rows have none. */
function usualWidth(rows: readonly (readonly string[])[]): number {
  const counts = new Map<number, number>();
  for (const row of rows) {
    const width = numbersAtEnd(row);
    if (width > 0) counts.set(width, (counts.get(width) ?? 0) + 1);
  }
  // A word of several parts may end in a number: of two widths, the smaller is the vectors'.
  return [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0])[0]?.[0] ?? 0;
}

function numbersAtEnd(fields: readonly string[]): number {
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
