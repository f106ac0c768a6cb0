import { javascriptWordPattern } from './rule.ts';

/** Words and single punctuation marks of a normalized text, at most `limit` of them. */
export function splitWords(text: string, limit: number): string[] {
  const words: string[] = [];
  for (const match of text.matchAll(new RegExp(javascriptWordPattern, 'gu'))) {
    if (words.length >= limit) break;
    words.push(match[0]);
  }
  return words;
}
