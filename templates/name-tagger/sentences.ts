/** A period after one of these ends no sentence. */
const abbreviations = new Set(
  'mr mrs ms messrs dr st gen hon rev col lt capt maj sec art no nos vs vol inc co jr sr prof gov sen rep pres jan feb mar apr aug sept oct nov dec'.split(
    ' ',
  ),
);

const closing = new Set(['"', "'", '”', '’', ')', ']']);

/** Cuts a text's tokens, in their original case, into sentences: at `.`, `?` and `!`, with closing quotes and brackets kept on. */
export function splitSentences(tokens: readonly string[]): string[][] {
  const sentences: string[][] = [];
  let current: string[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i] ?? '';
    current.push(token);
    if (!endsSentence(tokens, i)) continue;
    while (closing.has(tokens[i + 1] ?? '')) current.push(tokens[++i] ?? '');
    sentences.push(current);
    current = [];
  }
  if (current.length > 0) sentences.push(current);
  return sentences;
}

function endsSentence(tokens: readonly string[], i: number): boolean {
  const token = tokens[i];
  if (token === '?' || token === '!') return true;
  if (token !== '.') return false;
  const before = tokens[i - 1] ?? '';
  const after = tokens[i + 1] ?? '';
  // Initials (U.S., J. Adams), abbreviations, decimals (3.5).
  if (/^\p{Lu}$/u.test(before) && before !== 'I') return false;
  if (abbreviations.has(before.toLowerCase())) return false;
  return !(/^\d/.test(before) && /^\d/.test(after)) && !/^\p{Ll}/u.test(after);
}
