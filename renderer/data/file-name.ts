import type { DataSource } from '../../engine/document/data-binding.ts';
import { sourceFiles } from '../../engine/document/data-files.ts';

/** The last part of a path of the engine's machine. */
export const fileName = (path: string): string => path.split(/[\\/]/).at(-1) ?? path;

/** The files of a source by what they are for; of several that are read as one, the first. */
export function filesInWords(source: DataSource): string {
  const files = sourceFiles(source);
  const roles = [...new Set(files.map(({ role }) => role))];
  return roles
    .map((role) => {
      const [first = '', ...more] = files.filter((file) => file.role === role).map(({ path }) => fileName(path));
      return `${role}: ${first}${more.length === 0 ? '' : ` and ${more.length} more`}`;
    })
    .join(' · ');
}
