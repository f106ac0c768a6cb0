import type { DataSource } from './data-binding.ts';
import type { SplitName } from './split-names.ts';

/** A file of a source, and what it is for. */
export interface SourceFile {
  readonly role: SplitName;
  readonly path: string;
}

/** The source with each path of a file in it replaced. */
export function mapSourcePaths(source: DataSource, replace: (path: string) => string): DataSource {
  if (source.kind !== 'file') return source;
  const moved = sourceOf(sourceFiles(source).map(({ role, path }) => ({ role, path: replace(path) })));
  return { kind: source.kind, ...(source.splitFiles ? { splitFiles: {} } : {}), ...moved, reader: source.reader };
}

const roles = ['train', 'validation', 'test'] as const;

/** The files of a source, those for training first, each split's in order. */
export function sourceFiles(source: DataSource): readonly SourceFile[] {
  if (source.kind !== 'file') return [];
  const first = { train: source.path, ...source.splitFiles };
  return roles.flatMap((role) => {
    const path = first[role];
    return path === undefined ? [] : [path, ...(source.parts?.[role] ?? [])].map((one) => ({ role, path: one }));
  });
}

/** What a source says of its files; at least one is for training. */
export function sourceOf(
  files: readonly SourceFile[],
): Pick<Extract<DataSource, { kind: 'file' }>, 'path' | 'splitFiles' | 'parts'> {
  const of = (role: SplitName): string[] => files.filter((file) => file.role === role).map(({ path }) => path);
  const named = <T>(values: (role: SplitName) => T | undefined, among: readonly SplitName[]): object =>
    Object.fromEntries(among.flatMap((role) => (values(role) === undefined ? [] : [[role, values(role)]])));
  const splitFiles = named((role) => of(role)[0], ['validation', 'test']);
  const parts = named((role) => (of(role).length > 1 ? of(role).slice(1) : undefined), roles);
  const [path] = of('train');
  if (path === undefined) throw new Error('expected a file for training');
  return {
    path,
    ...(Object.keys(splitFiles).length > 0 ? { splitFiles } : {}),
    ...(Object.keys(parts).length > 0 ? { parts } : {}),
  };
}

/** Which file holds the examples of a split: without one of its own, they are cut from that for training. */
export const fileOfSplit = (source: DataSource, split: SplitName): SplitName =>
  sourceFiles(source).some(({ role }) => role === split) ? split : 'train';
