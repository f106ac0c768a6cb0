/**
 * The tokenizer's rule, as data, in one place: the app reads it here and the export writes the same rule into Python.
 *
 * 1. Normalize to Unicode NFC.
 * 2. Lower-case, if the setting says so (`toLowerCase` here, `str.lower` in Python).
 * 3. `character`: every code point is a token. `word`: all matches of one regular expression, from left to right. `subword`: parts,
 *    which are words with the space before them and lose nothing, are cut by the learned merges (`subword.ts`).
 *
 * The word expression uses explicit code point ranges, not `\w` or `\p{L}`: JavaScript and Python disagree about those, and each
 * changes with its Unicode version. A word is a run of anything that is neither space nor punctuation, with single inner
 * apostrophes kept (don't, o’clock). Each punctuation mark or symbol is a token of its own. Space separates and is dropped.
 */
export const tokenizerRule = {
  normalization: 'NFC',
  /** Inclusive code point ranges: controls, spaces, separators, byte order mark. */
  space: [
    [0x0000, 0x0020],
    [0x007f, 0x00a0],
    [0x1680, 0x1680],
    [0x2000, 0x200b],
    [0x2028, 0x202f],
    [0x205f, 0x206f],
    [0x3000, 0x3000],
    [0xfeff, 0xfeff],
  ],
  /** Inclusive code point ranges: punctuation, currency, arrows, mathematics, symbols, emoji. The underscore is part of words. */
  punctuation: [
    [0x0021, 0x002f],
    [0x003a, 0x0040],
    [0x005b, 0x005e],
    [0x0060, 0x0060],
    [0x007b, 0x007e],
    [0x00a1, 0x00a9],
    [0x00ab, 0x00b1],
    [0x00b4, 0x00b4],
    [0x00b6, 0x00b8],
    [0x00bb, 0x00bb],
    [0x00bf, 0x00bf],
    [0x00d7, 0x00d7],
    [0x00f7, 0x00f7],
    [0x2010, 0x2027],
    [0x2030, 0x205e],
    [0x20a0, 0x20cf],
    [0x2190, 0x2bff],
    [0x3001, 0x3003],
    [0x3008, 0x3020],
    [0x3030, 0x3030],
    [0xff01, 0xff0f],
    [0xff1a, 0xff20],
    [0xff3b, 0xff40],
    [0xff5b, 0xff65],
    [0x1f000, 0x1faff],
  ],
  /** Inside a word, between two word characters, one of these stays part of the word. */
  joiners: [0x0027, 0x2019],
} as const;

type Range = readonly [number, number];

/** `\u0021-\u002f…`, valid inside a character class of JavaScript (with the `u` flag) or of Python's `re`. */
function characterClass(ranges: readonly Range[], write: (codePoint: number) => string): string {
  return ranges.map(([first, last]) => (first === last ? write(first) : `${write(first)}-${write(last)}`)).join('');
}

const javascriptEscape = (codePoint: number): string => `\\u{${codePoint.toString(16)}}`;
const pythonEscape = (codePoint: number): string =>
  codePoint > 0xffff ? `\\U${codePoint.toString(16).padStart(8, '0')}` : `\\u${codePoint.toString(16).padStart(4, '0')}`;

function wordPattern(write: (codePoint: number) => string): string {
  const space = characterClass(tokenizerRule.space, write);
  const punctuation = characterClass(tokenizerRule.punctuation, write);
  const joiners = tokenizerRule.joiners.map(write).join('');
  const word = `[^${space}${punctuation}]+`;
  return `${word}(?:[${joiners}]${word})*|[${punctuation}]`;
}

/** Words and punctuation marks with the space before them, or one character of space: every text is a row of these. */
function partPattern(write: (codePoint: number) => string): string {
  const space = write(0x20);
  return `${space}?(?:${wordPattern(write)})|[${characterClass(tokenizerRule.space, write)}]`;
}

/** The word expression for `new RegExp(pattern, 'gu')`. */
export const javascriptWordPattern: string = wordPattern(javascriptEscape);

/** The same expression for Python: `re.findall(pattern, text)`. ASCII only, safe in a JSON string and in a raw string literal. */
export const pythonWordPattern: string = wordPattern(pythonEscape);

/** Of a running text: line ends, and the space with which a line begins, are tokens as well; other space is dropped. */
const runningPattern = (words: string): string => `\\n|(?<![^\\n])[ \\t]+|${words}`;
export const javascriptRunningPattern: string = runningPattern(javascriptWordPattern);
export const pythonRunningPattern: string = runningPattern(pythonWordPattern);

/** The expression of the parts that are cut into sub-words, in JavaScript and in Python. */
export const javascriptPartPattern: string = partPattern(javascriptEscape);
export const pythonPartPattern: string = partPattern(pythonEscape);
