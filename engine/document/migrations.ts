import { z } from 'zod';
import { brokenReference } from './references.ts';
import { currentVersion, documentLimits, type UnrollDocument, unrollDocument } from './schema.ts';

/** Why a file cannot be opened, for the person who opened it. The file itself is never changed by reading. */
export interface ReadFailure {
  readonly ok: false;
  readonly code: 'too-large' | 'not-json' | 'not-unroll' | 'newer-version' | 'too-deep' | 'invalid';
  readonly message: string;
  readonly hint: string;
}

export type ReadResult =
  | {
      readonly ok: true;
      readonly document: UnrollDocument /** Version of the file when older than today's. */;
      readonly migratedFrom: number | null;
      /** What means something else than it did when the file was saved. */
      readonly notes: readonly string[];
    }
  | ReadFailure;

/** One step from a saved version to the next. */
export interface Migration {
  readonly from: number;
  /** What changed, for the changelog and the fixture's name. */
  readonly name: string;
  apply(document: Readonly<Record<string, unknown>>, trained: boolean): Record<string, unknown>;
  /** What a document that nothing was trained on means differently from then on. */
  notes?(document: Readonly<Record<string, unknown>>): readonly string[];
}

/** Every change of the saved format since version 1, oldest first. Version 1 is the first that was ever saved. */
export const migrations: readonly Migration[] = [
  // New settings start at their defaults, which mean what version 1 did.
  { from: 1, name: 'target sequences, language models and other inputs', apply: (document) => ({ ...document, version: 2 }) },
  {
    from: 2,
    name: 'a running text is every character, and words end at the punctuation of every script',
    apply: (document, trained) => ({ ...document, version: 3, ...(trained ? { data: readAsBefore(document['data']) } : {}) }),
    notes: ({ data }) =>
      isObject(data) && data['task'] === 'language-model' && unitOf(data) === 'running'
        ? [
            'A running text is now every character of its file, with its line ends and empty lines; before, empty lines were left out and a line end was <eos> and <bos>.',
          ]
        : [],
  },
  { from: 3, name: 'frames and blocks', apply: (document) => ({ ...document, version: 4, frames: [], blocks: [] }) },
  // A document of before varies nothing.
  { from: 4, name: 'sweeps', apply: (document) => ({ ...document, version: 5 }) },
];

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;

function unitOf(data: Readonly<Record<string, unknown>>): unknown {
  const settings = data['languageModel'];
  return (isObject(settings) ? settings['unit'] : undefined) ?? 'running';
}

/** Data settings from before version 3 as a model that was trained on them has to go on reading. */
export function readAsBefore(data: unknown): unknown {
  if (!isObject(data)) return data;
  const before = (settings: unknown): unknown => ({ ...(isObject(settings) ? settings : {}), rule: 1 });
  const running = data['task'] === 'language-model' && unitOf(data) === 'running';
  const { source } = data;
  return {
    ...data,
    ...(data['task'] === 'forecasting' && isObject(source) && isObject(source['reader'])
      ? { source: { ...source, reader: { ...source['reader'], timeColumn: null } } }
      : {}),
    tokenizer: before(data['tokenizer']),
    targetTokenizer: before(data['targetTokenizer']),
    ...(running
      ? { languageModel: { ...(isObject(data['languageModel']) ? data['languageModel'] : {}), unit: 'running-lines' } }
      : {}),
  };
}

const deepest = 32;

/** Reads a document from a file's text or bytes. Expected failures are values; nothing is thrown and nothing is written. */
export function readDocument(source: string | Uint8Array): ReadResult {
  if (source.length > documentLimits.bytes) {
    return failure(
      'too-large',
      `the file has ${Math.ceil(source.length / 1024 ** 2)} MB; a document has at most ${documentLimits.bytes / 1024 ** 2} MB`,
      'Check that this is a document (.unroll.json) and not a data file.',
    );
  }
  let parsed: unknown;
  try {
    const text = typeof source === 'string' ? source : new TextDecoder('utf-8', { fatal: true }).decode(source);
    parsed = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    return failure(
      'not-json',
      `this is not JSON: ${(error as Error).message}`,
      'The file may be cut off or damaged; try a backup.',
    );
  }
  return parseDocument(parsed);
}

/**
 * Checks a document that was parsed already, e.g. one that came over the protocol.
 *
 * @param trained whether a model was trained on it: its data then means what it meant to the model
 */
export function parseDocument(value: unknown, trained = false): ReadResult {
  const head = z.looseObject({ format: z.literal('unroll'), version: z.number().int().min(1) }).safeParse(value);
  if (!head.success) return notUnroll();
  if (!shallowerThan(value, deepest)) {
    return failure('too-deep', `the file is nested more than ${deepest} levels deep`, 'No document is; the file may be damaged.');
  }
  const { version } = head.data;
  if (version > currentVersion) {
    return failure(
      'newer-version',
      `the file was saved by a newer Unroll (format ${version}; this one reads up to ${currentVersion})`,
      'Update Unroll. The file was not changed.',
    );
  }
  let upgraded: Record<string, unknown> = head.data;
  const notes: string[] = [];
  for (const migration of migrations) {
    if (migration.from < version) continue;
    if (!trained) notes.push(...(migration.notes?.(upgraded) ?? []));
    upgraded = migration.apply(upgraded, trained);
  }
  const checked = unrollDocument.safeParse(upgraded);
  if (!checked.success) return invalid(checked.error.issues);
  const loose = brokenReference(checked.data);
  if (loose !== null)
    return failure('invalid', loose, 'The file was edited by hand or damaged; correct that place and open it again.');
  return { ok: true, document: checked.data, migratedFrom: version < currentVersion ? version : null, notes };
}

function failure(code: ReadFailure['code'], message: string, hint: string): ReadFailure {
  return { ok: false, code, message, hint };
}

const notUnroll = (): ReadFailure =>
  failure('not-unroll', 'this is not an Unroll document', 'A document starts with "format": "unroll" and a version.');

function invalid(issues: readonly z.core.$ZodIssue[]): ReadFailure {
  const shown = issues.slice(0, 3).map((issue) => `${issue.path.join('.') || 'document'}: ${issue.message}`);
  const more = issues.length > 3 ? ` (and ${issues.length - 3} more)` : '';
  return failure(
    'invalid',
    `${shown.join('; ')}${more}`,
    'The file was edited by hand or damaged; correct that place and open it again.',
  );
}

/** Whether nothing in `value` is nested deeper than `limit` levels. Stops there, so a hostile depth costs nothing. */
function shallowerThan(value: unknown, limit: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return limit > 0 && Object.values(value).every((item) => shallowerThan(item, limit - 1));
}
