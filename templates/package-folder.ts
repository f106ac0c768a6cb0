import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { UserError } from '../engine/protocol/envelope.ts';

/**
 * Folder of an installed data package. Its files are read from there: nothing is copied, and no megabytes of data end up in a bundle.
 *
 * @param entry what the package lets be resolved: most have `package.json`, some only their main module
 * @param root the folder's place relative to that file
 */
export function packageFolder(name: string, entry = 'package.json', root = '.'): string {
  try {
    return join(dirname(createRequire(import.meta.url).resolve(entry === '' ? name : `${name}/${entry}`)), root);
  } catch (error) {
    throw new UserError(
      {
        code: 'template-data-missing',
        message: `the package ${name}, from which this template takes its data, is not installed`,
        hint: 'Run `npm ci` in the folder of Unroll.',
      },
      { cause: error },
    );
  }
}
