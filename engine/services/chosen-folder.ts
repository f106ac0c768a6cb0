import type { WritePurpose } from '../protocol/chosen-path.ts';
import { UserError } from '../protocol/envelope.ts';
import type { EngineContext } from './context.ts';

/**
 * A folder is written to only where a person has chosen it, if the shell can tell.
 *
 * @throws UserError `path-not-chosen`
 */
export async function requireChosenFolder(
  { chosenInShell }: Pick<EngineContext, 'chosenInShell'>,
  folder: string,
  purpose: WritePurpose,
): Promise<void> {
  if (chosenInShell === undefined || (await chosenInShell(folder, purpose))) return;
  throw new UserError({
    code: 'path-not-chosen',
    message: `You have not chosen the folder ${folder}: nothing was written there.`,
    hint: 'Choose it with “Browse…”.',
  });
}
