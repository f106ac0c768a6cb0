import { type DataEncoding, specialTokens } from '../data/dataset.ts';
import { encodeText } from '../data/encode.ts';

export interface Prompt {
  /** As the model reads it, `<bos>` first. */
  readonly ids: Int32Array;
  /** Without the special tokens. */
  readonly tokens: string[];
  readonly unknown: boolean[];
}

/** A language model's prompt, read as in training: each line begins with `<bos>`, and each but the last ends with `<eos>`. */
export function encodePrompt(encoding: DataEncoding, prompt: string): Prompt {
  const lines = prompt.split(/\r?\n/).map((line) => encodeText(encoding, line));
  const ids = lines.flatMap((line, i) => [...(i === 0 ? [] : [specialTokens.end]), specialTokens.begin, ...line.ids]);
  return {
    ids: Int32Array.from(ids),
    tokens: lines.flatMap((line) => line.tokens),
    unknown: lines.flatMap((line) => line.unknown),
  };
}
