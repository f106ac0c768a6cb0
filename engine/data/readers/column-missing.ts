import { UserError } from '../../protocol/envelope.ts';

/**
 * The error for a column that settings name and the file lacks, with those that it has.
 *
 * @param columns names of all that the file has
 * @param purpose what the column is for, e.g. `that tells sentences apart`
 */
export function columnMissing(name: string, columns: readonly string[], hint: string, purpose?: string): UserError {
  const wanted = [`there is no column “${name}”`, purpose].filter(Boolean).join(' ');
  return new UserError({
    code: 'column-missing',
    message: `${wanted}; the file has ${columns.map((column) => `“${column}”`).join(', ')}`,
    hint,
  });
}
