import type { SplitName } from '../protocol/data.ts';
import type { DataSource } from './data-binding.ts';

/** The source with each path of a file in it replaced. */
export function mapSourcePaths(source: DataSource, replace: (path: string) => string): DataSource {
  if (source.kind !== 'file') return source;
  const path = replace(source.path);
  if (source.splitFiles === undefined) return { ...source, path };
  const { validation, test } = source.splitFiles;
  const splitFiles = {
    ...(validation === undefined ? {} : { validation: replace(validation) }),
    ...(test === undefined ? {} : { test: replace(test) }),
  };
  return { ...source, path, splitFiles };
}

/** The files of a source, that for training first. */
export function sourceFiles(source: DataSource): { readonly role: SplitName; readonly path: string }[] {
  if (source.kind !== 'file') return [];
  const { validation, test } = source.splitFiles ?? {};
  return [
    { role: 'train', path: source.path },
    ...(validation === undefined ? [] : [{ role: 'validation' as const, path: validation }]),
    ...(test === undefined ? [] : [{ role: 'test' as const, path: test }]),
  ];
}

/** Which file holds the examples of a split: without one of its own, they are cut from that for training. */
export const fileOfSplit = (source: DataSource, split: SplitName): SplitName =>
  sourceFiles(source).some(({ role }) => role === split) ? split : 'train';
