import { createHash } from 'node:crypto';
import type { DataBinding, ReaderSettings } from '../document/data-binding.ts';

/**
 * sha256 over the contents and over everything in the binding that changes what is made of them. Where the file lies does not
 * matter: a moved file is the same data.
 */
export function fingerprintData(contentHash: string, binding: DataBinding): string {
  const source = binding.source.kind === 'file' ? { kind: 'file', reader: settled(binding.source.reader) } : binding.source;
  return createHash('sha256')
    .update(contentHash)
    .update('\n')
    .update(canonicalJson({ ...asSavedBefore(binding), source }))
    .digest('hex');
}

/** Of lists of numbers that are read as tokens: as series they are other data. */
export const fingerprintOfIds = (asRead: string): string => createHash('sha256').update(asRead).update('\nids').digest('hex');

/**
 * Of a series that is sorted by its dates or cut at its groups: earlier versions made windows in the file's order and over the borders
 * of groups, and what they trained on is other data.
 */
export const fingerprintInTime = (asRead: string): string =>
  createHash('sha256').update(asRead).update('\nin time').digest('hex');

const unitBefore = { 'running-lines': 'running', running: 'text', line: 'line' } as const;

/** What version 2 of the documents had no word for is written as it was then: the data of an older run is still the same. */
function asSavedBefore(binding: DataBinding): object {
  const { tokenizer, targetTokenizer, languageModel } = binding;
  const unit = binding.task === 'language-model' ? unitBefore[languageModel.unit] : languageModel.unit;
  return {
    ...binding,
    tokenizer: { ...tokenizer, rule: tokenizer.rule === 1 ? undefined : tokenizer.rule },
    targetTokenizer: { ...targetTokenizer, rule: targetTokenizer.rule === 1 ? undefined : targetTokenizer.rule },
    languageModel: { ...languageModel, unit },
  };
}

/** Settings of reading that came later count only where they are set: data read before them keeps its fingerprint. */
const laterSettings: readonly string[] = [
  'skipLines',
  'comment',
  'quotes',
  'trim',
  'decimal',
  'thousands',
  'missing',
  'timeColumn',
  'sentenceColumn',
];

/** What lists of numbers are counts where there are such lists (`fingerprintOfIds`): most graphs of tokens read texts. */
const settled = ({ lists: _lists, ...reader }: ReaderSettings): Partial<ReaderSettings> =>
  Object.fromEntries(Object.entries(reader).filter(([name, value]) => value !== null || !laterSettings.includes(name)));

/** JSON with sorted keys: equal values give equal text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
