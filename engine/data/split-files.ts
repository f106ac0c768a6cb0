import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { SplitName } from '../document/split-names.ts';
import { UserError } from '../protocol/envelope.ts';
import type { OpenedFile } from './readers/open-reader.ts';
import type { ExampleSource } from './source.ts';

/** Numbers are written as in the training file: one rule for all. */
export function alike(opened: OpenedFile, training: OpenedFile): OpenedFile {
  const told = new Map(training.columns.map((name, i) => [name, training.formats[i]]));
  const formats = opened.columns.flatMap((name, i) => told.get(name) ?? opened.formats[i] ?? []);
  return { ...opened, formats };
}

/** What is wrong with one of several files says with which. */
export function inFile<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError({ ...error.failure, message: `${basename(path)}: ${error.message}` }, { cause: error });
  }
}

/** A source all of whose examples are of one split. */
export function ofSplit(source: ExampleSource, split: SplitName, file: string): ExampleSource {
  return {
    ...source,
    async *blocks(ascii = false) {
      for await (const { rows, fraction } of source.blocks(ascii)) {
        yield { rows: rows.map((row) => ({ ...row, split, file: row.file ?? file })), fraction };
      }
    },
    warnings: () => source.warnings().map((warning) => `${file}: ${warning}`),
  };
}

/** The files of one split as one, each read on where the one before ended; its lines are counted on, too. */
export function joined(parts: readonly { readonly name: string; readonly source: ExampleSource }[]): ExampleSource {
  const [first, ...rest] = parts;
  if (first === undefined) throw new Error('expected a file');
  if (rest.length === 0) return first.source;
  return {
    ...first.source,
    async *blocks(ascii = false) {
      let before = 0;
      let last = 0;
      for (const [i, { name, source }] of parts.entries()) {
        for await (const { rows, fraction } of source.blocks(ascii)) {
          const counted = i === 0 ? rows : rows.map((row) => ({ ...row, line: row.line + before, before, file: name }));
          last = counted.reduce((most, { line }) => Math.max(most, line), last);
          yield { rows: counted, fraction: fraction === null ? null : (i + fraction) / parts.length };
        }
        before = last;
      }
    },
    hash: () =>
      createHash('sha256')
        .update(parts.map(({ source }) => source.hash()).join('\n'))
        .digest('hex'),
    warnings: () =>
      parts.flatMap(({ name, source }, i) => source.warnings().map((told) => (i === 0 ? told : `${name}: ${told}`))),
  };
}

/** Several files as one source, one after the other; the hash tells which is for what. */
export function together(
  files: readonly { readonly role: SplitName; readonly name: string; readonly source: ExampleSource }[],
  training: ExampleSource,
): ExampleSource {
  return {
    ...training,
    async *blocks(ascii = false) {
      for (const [i, { source }] of files.entries()) {
        for await (const { rows, fraction } of source.blocks(ascii))
          yield { rows, fraction: fraction === null ? null : (i + fraction) / files.length };
      }
    },
    hash: () => {
      const contents = files.map(({ role, source }) => `${role} ${source.hash()}`);
      return createHash('sha256').update(contents.join('\n')).digest('hex');
    },
    warnings: () => [...files.flatMap(({ source }) => source.warnings()), ...sameContents(files)],
  };
}

/** Rows are compared only where each is an example: whole files, whatever they are for. */
function sameContents(files: Parameters<typeof together>[0]): string[] {
  return files.flatMap(({ name, role, source }, i) => {
    const twin = files.slice(0, i).find((before) => before.source.hash() === source.hash());
    return twin ? [`${name} for ${role} holds the same as ${twin.name} for ${wordOf[twin.role]}: it measures nothing new.`] : [];
  });
}

const wordOf = { train: 'training', validation: 'validation', test: 'test' } as const;
