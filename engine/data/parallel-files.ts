import { readdir } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { UserError } from '../protocol/envelope.ts';

const languages = new Intl.DisplayNames(['en'], { type: 'language', fallback: 'none' });

/** `train.en` as `train` and `en`; `null` where the name does not end in the code of a language. */
function languageOf(path: string): { readonly stem: string; readonly language: string } | null {
  const [, stem, language] = /^(.+)\.([a-z]{2,3})$/.exec(basename(path).replace(/\.gz$/i, '')) ?? [];
  if (stem === undefined || language === undefined || languages.of(language) === undefined) return null;
  return { stem, language };
}

/** Whether two files are the two sides of a parallel corpus by their names. */
function areParallel(a: string, b: string): boolean {
  const [one, other] = [languageOf(a), languageOf(b)];
  return one !== null && other !== null && one.stem === other.stem && one.language !== other.language;
}

const howToPair = (a: string, b: string): string =>
  `paste -d '\\t' ${basename(a)} ${basename(b)} > ${languageOf(a)?.stem ?? 'pairs'}.tsv makes one file of pairs, to be read as sequence to sequence.`;

/** What is told of a text that has its translation in a file beside it, from which nothing is read. */
export async function translationBeside(path: string): Promise<string[]> {
  if (languageOf(path) === null) return [];
  const names = await readdir(dirname(path)).catch(() => []);
  const beside = names.sort().find((name) => areParallel(path, name));
  return beside === undefined
    ? []
    : [`“${beside}” beside it seems to hold the same in another language, and is not read. ${howToPair(path, beside)}`];
}

/** @throws UserError `parallel-files` where texts of two languages would be read one after the other */
export function refuseParallel(paths: readonly string[]): void {
  const [first, ...rest] = paths;
  const other = first === undefined ? undefined : rest.find((path) => areParallel(first, path));
  if (first === undefined || other === undefined) return;
  throw new UserError({
    code: 'parallel-files',
    message: `“${basename(first)}” and “${basename(other)}” are the two sides of a parallel corpus: they are not read line by line as pairs`,
    hint: howToPair(first, other),
  });
}
