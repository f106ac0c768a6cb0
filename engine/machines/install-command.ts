import { resolve } from 'node:path';
import packageFile from '../../package.json' with { type: 'json' };
import type { Failure } from '../protocol/envelope.ts';

/** Oldest Node.js that Unroll runs on, as `major.minor`. */
export const oldestNode = packageFile.engines.node.replace(/^>=/, '');

/** The folder that this program lies in. */
const root = resolve(import.meta.dirname, '../..');

/** How this version gets onto another machine: a command to be run in a terminal here. A packed app has no command line. */
export function howToInstall(host: string): Pick<Failure, 'hint' | 'command'> {
  if (/\.asar(?:$|[\\/])/.test(root))
    return {
      hint: `Install Unroll ${packageFile.version} there from its sources, as README says under “The engine elsewhere”.`,
    };
  return {
    hint: 'Put this version there, into your own folder, with this command in a terminal of this computer:',
    command: `cd ${quoted(root)} && npm run -s unroll -- install ${host}`,
  };
}

const quoted = (path: string): string => (/^[\w./:\\-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`);
