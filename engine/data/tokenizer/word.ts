import { javascriptPartPattern, javascriptRunningPattern, javascriptWordPattern } from './rule.ts';

/** Words and single punctuation marks of a normalized text, at most `limit` of them; of a running text line ends and indentation too. */
export const splitWords = (text: string, limit: number, running = false): string[] =>
  matches(text, running ? javascriptRunningPattern : javascriptWordPattern, limit);

/** The same with the space before each; other space stands alone. Joined again, they are the text. */
export const splitParts = (text: string, limit: number): string[] => matches(text, javascriptPartPattern, limit);

function matches(text: string, pattern: string, limit: number): string[] {
  const found: string[] = [];
  for (const match of text.matchAll(new RegExp(pattern, 'gu'))) {
    if (found.length >= limit) break;
    found.push(match[0]);
  }
  return found;
}
