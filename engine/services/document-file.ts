import { basename } from 'node:path';
import { type ReadResult, readDocument } from '../document/migrations.ts';
import { documentLimits, type UnrollDocument } from '../document/schema.ts';
import { describeFileError } from '../files/describe-file-error.ts';
import { readWholeFile } from '../files/open-file.ts';
import { writeAtomically } from '../files/write-atomically.ts';
import { UserError } from '../protocol/envelope.ts';
import { withRelativePaths, withWholePaths } from './document-paths.ts';

interface OpenedDocument {
  readonly document: UnrollDocument;
  readonly migratedFrom: number | null;
  /** What means something else than when the file was saved. */
  readonly notes: string[];
}

/**
 * The document with whole paths of its data.
 *
 * @throws UserError for a missing, huge, malformed, newer or hostile file; the file itself is never touched
 */
export async function readDocumentFile(path: string): Promise<OpenedDocument> {
  let bytes: Uint8Array;
  try {
    // Refused before it is read: a data file chosen by mistake may be larger than memory.
    const tooLarge = (size: number): UserError =>
      new UserError({
        code: 'document-too-large',
        message: `${basename(path)} has ${Math.ceil(size / 2 ** 20)} MiB; a document has at most ${documentLimits.bytes / 2 ** 20} MiB.`,
        hint: 'Is it a data file? Import data in the Data panel instead.',
      });
    bytes = await readWholeFile(path, documentLimits.bytes, tooLarge);
  } catch (error) {
    throw describeFileError(error, path);
  }
  const opened = documentOrThrow(readDocument(bytes), basename(path));
  return { ...opened, document: withWholePaths(opened.document, path) };
}

/** @throws UserError that starts with the file's name */
export function documentOrThrow(result: ReadResult, name: string): OpenedDocument {
  if (result.ok) return { document: result.document, migratedFrom: result.migratedFrom, notes: [...result.notes] };
  throw new UserError({ code: `document-${result.code}`, message: `${name}: ${result.message}.`, hint: result.hint });
}

/** Writes a document; its data is named from the file's own folder where it lies near. */
export async function writeDocumentFile(path: string, document: UnrollDocument): Promise<void> {
  await writeAtomically(path, `${JSON.stringify(withRelativePaths(document, path), null, 2)}\n`).catch((error: unknown) => {
    throw describeFileError(error, path);
  });
}
