import type { ReaderSettings } from '../../engine/document/data-binding.ts';

export type ColumnRole = 'input' | 'target' | 'group' | 'split' | 'ignored';

type Mapping = Pick<ReaderSettings, 'inputColumns' | 'targetColumns' | 'groupColumn' | 'splitColumn'>;

/** What a column is used for. A forecast may read and predict the same column: it then counts as a target that is read too. */
export function roleOf(mapping: Mapping, column: string): ColumnRole {
  if (mapping.targetColumns.includes(column)) return 'target';
  if (mapping.inputColumns.includes(column)) return 'input';
  if (mapping.splitColumn === column) return 'split';
  return mapping.groupColumn === column ? 'group' : 'ignored';
}

/**
 * The mapping with one column used otherwise.
 * @param single text tasks have one input and one target: choosing another one releases the first
 * @param series a forecast reads what it predicts: its targets stay inputs
 */
export function withRole(
  mapping: Mapping,
  column: string,
  role: ColumnRole,
  { single, series }: { readonly single: boolean; readonly series: boolean },
): Mapping {
  const without = (columns: readonly string[]): string[] => columns.filter((name) => name !== column);
  const added = (columns: readonly string[]): string[] => (single ? [column] : [...without(columns), column]);
  const reads = role === 'input' || (series && role === 'target');
  return {
    inputColumns: reads ? added(mapping.inputColumns) : without(mapping.inputColumns),
    targetColumns: role === 'target' ? added(mapping.targetColumns) : without(mapping.targetColumns),
    groupColumn: role === 'group' ? column : mapping.groupColumn === column ? null : mapping.groupColumn,
    ...(role === 'split' ? { splitColumn: column } : mapping.splitColumn === column ? { splitColumn: null } : {}),
  };
}
