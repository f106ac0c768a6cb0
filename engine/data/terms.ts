import type { DataEncoding } from './dataset.ts';
import { canonicalJson } from './fingerprint.ts';
import type { KnownTokens } from './fit-tokens.ts';
import { hashText } from './hash.ts';

/** Tokens that a model reads; `null` where it reads numbers. */
export function inputTokens({ vocabulary, merges = [] }: DataEncoding): KnownTokens | null {
  return vocabulary && { tokens: vocabulary, merges };
}

/** Tokens that an encoder–decoder says; `null` of other models. */
export function saidTokens({ binding, classes, targetMerges = [] }: DataEncoding): KnownTokens | null {
  return binding.task === 'sequence-to-sequence' && classes ? { tokens: classes, merges: targetMerges } : null;
}

const texts = (encoding: DataEncoding): string => canonicalJson([inputTokens(encoding), saidTokens(encoding)]);

/** Whether data was prepared in the tokens of a model. */
export const speaks = (data: DataEncoding, model: DataEncoding): boolean => texts(data) === texts(model);

/** Models with the same tokens have the same. */
export const termsKey = (model: DataEncoding): string => String(hashText(texts(model)));
