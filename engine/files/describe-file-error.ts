import { UserError } from '../protocol/envelope.ts';
import { errorCode } from './error-code.ts';

const words: Readonly<Record<string, { code: string; problem: string; hint: string }>> = {
  ENOENT: { code: 'file-not-found', problem: 'does not exist', hint: 'Check the path.' },
  EACCES: { code: 'no-permission', problem: 'may not be accessed', hint: 'Change its permissions, or choose another place.' },
  EPERM: { code: 'no-permission', problem: 'may not be accessed', hint: 'Change its permissions, or choose another place.' },
  EROFS: { code: 'no-permission', problem: 'lies on a read-only disk', hint: 'Choose another place.' },
  ENOSPC: { code: 'disk-full', problem: 'does not fit: the disk is full', hint: 'Free some space and try again.' },
  EISDIR: { code: 'not-a-file', problem: 'is a folder', hint: 'Choose a file.' },
  EEXIST: { code: 'in-the-way', problem: 'cannot be made: another file has that name', hint: 'Choose another place.' },
  ENAMETOOLONG: { code: 'bad-path', problem: 'is longer than the disk allows', hint: 'Choose a shorter name.' },
  ELOOP: { code: 'bad-path', problem: 'is a link that leads back to itself', hint: 'Choose another place.' },
  ERR_INVALID_ARG_VALUE: { code: 'bad-path', problem: 'is no path: it has a NUL character in it', hint: 'Correct the path.' },
  EDQUOT: { code: 'disk-full', problem: 'does not fit: your share of the disk is full', hint: 'Free some space and try again.' },
  EFBIG: { code: 'disk-full', problem: 'is larger than this disk takes', hint: 'Choose another place.' },
  EIO: {
    code: 'disk-error',
    problem: 'cannot be reached: the disk reports an error',
    hint: 'Check the disk, or choose another place.',
  },
  EBUSY: { code: 'no-permission', problem: 'is in use by another program', hint: 'Close it there, then try again.' },
  EMFILE: {
    code: 'too-many-files',
    problem: 'cannot be opened: too many files are open',
    hint: 'Close other programs and try again.',
  },
  ENOTEMPTY: { code: 'in-the-way', problem: 'still holds other files', hint: 'Look into it, or choose another place.' },
  ENOTDIR: { code: 'not-a-folder', problem: 'is not a folder', hint: 'Choose a folder.' },
};

/** An error of the file system in the user's words; errors of other kinds come back unchanged. */
export function describeFileError(error: unknown, path: string): unknown {
  const code = errorCode(error);
  const known = words[code];
  if (known === undefined) return error;
  return new UserError(
    { code: known.code, message: `${path.replaceAll('\0', '␀')} ${known.problem}.`, hint: known.hint },
    { cause: error },
  );
}
