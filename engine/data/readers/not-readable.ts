import { UserError } from '../../protocol/envelope.ts';

/** Why a data file cannot be opened or read, in the user's words. */
export function notReadable(path: string, error: unknown): UserError {
  if (error instanceof UserError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new UserError(
      {
        code: 'file-not-found',
        message: `“${path}” does not exist`,
        hint: 'Was it moved or renamed? Choose it again in the Data panel.',
      },
      { cause: error },
    );
  }
  return new UserError(
    {
      code: 'file-not-readable',
      message: `“${path}” cannot be read (${code || String(error)})`,
      hint: 'Check the permissions of the file.',
    },
    { cause: error },
  );
}
