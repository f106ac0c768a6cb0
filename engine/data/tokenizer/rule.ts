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
 * apostrophes kept (don't, o’clock). Each punctuation mark or symbol is a token of its own, an emoji with all that belongs to it. Space separates and is dropped.
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

/** Punctuation of other scripts, which version 1 took for parts of words. */
const scripts: readonly Range[] = [
  [0x055a, 0x055f],
  [0x0589, 0x058a],
  [0x05be, 0x05be],
  [0x05c0, 0x05c0],
  [0x05c3, 0x05c3],
  [0x05c6, 0x05c6],
  [0x060c, 0x060d],
  [0x061b, 0x061b],
  [0x061d, 0x061f],
  [0x066a, 0x066d],
  [0x06d4, 0x06d4],
  [0x0700, 0x070d],
  [0x07f7, 0x07f9],
  [0x0964, 0x0965],
  [0x0970, 0x0970],
  [0x0df4, 0x0df4],
  [0x0e4f, 0x0e4f],
  [0x0e5a, 0x0e5b],
  [0x0f0d, 0x0f12],
  [0x104a, 0x104f],
  [0x10fb, 0x10fb],
  [0x1360, 0x1368],
  [0x17d4, 0x17d6],
  [0x17d8, 0x17da],
  [0x1800, 0x180a],
  [0x2e00, 0x2e5d],
  [0xa8ce, 0xa8cf],
  [0xfd3e, 0xfd3f],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe61],
];

/** Inclusive code point ranges, by version of the rule. */
export const rulePunctuation: Readonly<Record<1 | 2, readonly Range[]>> = {
  1: tokenizerRule.punctuation,
  2: [...tokenizerRule.punctuation, ...scripts],
};

/** What belongs to the symbol before it: variation selectors, skin tones, tags of subdivision flags. */
const modifiers: readonly Range[] = [
  [0xfe0e, 0xfe0f],
  [0x1f3fb, 0x1f3ff],
  [0xe0020, 0xe007f],
];
const regional: readonly Range[] = [[0x1f1e6, 0x1f1ff]];

function wordPattern(write: (codePoint: number) => string, version: 1 | 2): string {
  const space = characterClass(tokenizerRule.space, write);
  const punctuation = characterClass(rulePunctuation[version], write);
  const joiners = tokenizerRule.joiners.map(write).join('');
  const word = `[^${space}${punctuation}]+`;
  const words = `${word}(?:[${joiners}]${word})*`;
  if (version === 1) return `${words}|[${punctuation}]`;
  // A whole emoji is one token: a flag, a keycap, or symbols with what belongs to them, joined by U+200D.
  const flag = `[${characterClass(regional, write)}]{2}`;
  const keycap = `[0-9#*]${write(0xfe0f)}?${write(0x20e3)}`;
  const symbol = `[${punctuation}][${characterClass(modifiers, write)}]*`;
  return `${flag}|${keycap}|${words}|${symbol}(?:${write(0x200d)}${symbol})*`;
}

/** Words and punctuation marks with the space before them, or one character of space: every text is a row of these. */
function partPattern(write: (codePoint: number) => string, version: 1 | 2): string {
  const space = write(0x20);
  return `${space}?(?:${wordPattern(write, version)})|[${characterClass(tokenizerRule.space, write)}]`;
}

/** Of a running text: line ends, and the space with which a line begins, are tokens as well; other space is dropped. */
const runningPattern = (words: string): string => `\\n|(?<![^\\n])[ \\t]+|${words}`;

/** Expressions of one version of the rule. */
export interface RulePatterns {
  readonly word: string;
  readonly running: string;
  /** Of the parts that are cut into sub-words. */
  readonly part: string;
}

const patternsOf = (write: (codePoint: number) => string, version: 1 | 2): RulePatterns => {
  const word = wordPattern(write, version);
  return { word, running: runningPattern(word), part: partPattern(write, version) };
};

/** By version, for `new RegExp(pattern, 'gu')`. */
export const javascriptPatterns = { 1: patternsOf(javascriptEscape, 1), 2: patternsOf(javascriptEscape, 2) } as const;
/** The same for Python: `re.findall(pattern, text)`. ASCII only, safe in a JSON string and in a raw string literal. */
export const pythonPatterns = { 1: patternsOf(pythonEscape, 1), 2: patternsOf(pythonEscape, 2) } as const;
