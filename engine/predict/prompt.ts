import { type DataEncoding, specialTokens } from '../data/dataset.ts';
import { encodeText } from '../data/encode.ts';
import { isRunningText } from '../document/data-binding.ts';

export interface Prompt {
  /** As the model reads it, never empty. */
  readonly ids: Int32Array;
  /** Without the special tokens. */
  readonly tokens: string[];
  readonly unknown: boolean[];
}

/**
 * A language model's prompt, read as in training. Of a running text it is read as it stands, and without a prompt a line begins. Lines
 * of their own begin with `<bos>`, and each but the last ends with `<eos>`.
 */
export function encodePrompt(encoding: DataEncoding, prompt: string): Prompt {
  if (isRunningText(encoding.binding)) {
    const { ids, tokens, unknown } = encodeText(encoding, prompt.replace(/\r\n?/g, '\n'));
    if (ids.length > 0) return { ids, tokens, unknown };
    const [lineEnd = specialTokens.unknown] = encodeText(encoding, '\n').ids;
    const first = lineEnd === specialTokens.unknown ? specialTokens.begin : lineEnd;
    return { ids: Int32Array.of(first), tokens, unknown };
  }
  const lines = prompt.split(/\r?\n/).map((line) => encodeText(encoding, line));
  const ids = lines.flatMap((line, i) => [...(i === 0 ? [] : [specialTokens.end]), specialTokens.begin, ...line.ids]);
  return {
    ids: Int32Array.from(ids),
    tokens: lines.flatMap((line) => line.tokens),
    unknown: lines.flatMap((line) => line.unknown),
  };
}
