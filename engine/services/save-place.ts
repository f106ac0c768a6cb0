import { lstat } from 'node:fs/promises';
import { basename } from 'node:path';
import { describeFileError } from '../files/describe-file-error.ts';
import { errorCode } from '../files/error-code.ts';
import { UserError } from '../protocol/envelope.ts';
import { readDocumentFile } from './document-file.ts';

/**
 * Where a document may be saved, whatever a window asks for: under a name that ends in `.json`, over nothing, or over a document when
 * that was asked for (`replace`). A file that is no document is never written over, nor is anything that is no file.
 *
 * @throws UserError `not-a-document-name`, `not-a-document`, `document-exists`
 */
export async function requireSavePlace(path: string, replace: boolean): Promise<void> {
  const name = basename(path);
  if (!/[^.].*\.json$/i.test(name)) {
    throw new UserError({
      code: 'not-a-document-name',
      message: `${name} is not a document’s name.`,
      hint: 'Choose a name that ends in .unroll.json.',
    });
  }
  const there = await lstat(path).catch((error: unknown) => {
    if (['ENOENT', 'ENOTDIR'].includes(errorCode(error))) return null;
    throw describeFileError(error, path);
  });
  if (there === null) return;
  // Damaged and newer documents are no documents here: they may be all that is left of somebody's work.
  const isDocument = await readDocumentFile(path).then(
    () => true,
    () => false,
  );
  if (!isDocument) {
    throw new UserError({
      code: 'not-a-document',
      message: `${path} is there already, and is no document that this Unroll can read.`,
      hint: 'Choose another name, or move it away.',
    });
  }
  if (replace) return;
  throw new UserError({
    code: 'document-exists',
    message: `${path} is there already.`,
    hint: 'Choose another name, or replace it.',
  });
}
