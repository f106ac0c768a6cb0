import type { DataEncoding } from '../../data/dataset.ts';
import { specialIds } from '../../data/special-tokens.ts';
import { pythonPatterns, tokenizerRule } from '../../data/tokenizer/rule.ts';
import { defaultLimit } from '../../decode/limit.ts';
import { isRunningText, type TokenizerSettings } from '../../document/data-binding.ts';
import { mediaJson } from '../features/media-json.ts';

/** Where input and target stand in the file that was trained on; `null` when a template made the data. */
function columnsOf({ binding: { source }, reading }: DataEncoding) {
  if (source.kind === 'template') return null;
  const { inputColumns, targetColumns } = source.reader;
  return reading?.mapping ?? { input: inputColumns, target: targetColumns };
}

/** Names that Python has for what the app's decoders read. */
const pythonEncodings: Readonly<Record<string, string>> = {
  gb2312: 'gbk',
  'euc-kr': 'cp949',
  euckr: 'cp949',
  big5: 'big5hkscs',
  shift_jis: 'cp932',
  maccyrillic: 'mac_cyrillic',
  'x-mac-cyrillic': 'mac_cyrillic',
  'windows-874': 'cp874',
  'tis-620': 'cp874',
};

/** How examples.py reads the file; it knows series as tables. */
function readingOf(reading: DataEncoding['reading']) {
  if (reading === undefined) return null;
  const { mapping: _told, ...rest } = reading;
  const table = reading.format === 'delimited' || reading.format === 'series';
  const encoding = reading.encoding.toLowerCase();
  return { ...rest, format: table ? 'csv' : reading.format, encoding: pythonEncodings[encoding] ?? encoding };
}

const pythonPattern = ({ level, rule }: TokenizerSettings, running = false): string =>
  pythonPatterns[rule][level === 'subword' ? 'part' : running ? 'running' : 'word'];

/** How a target text is cut into tokens, and how many are said at most. */
function targetRule(encoding: DataEncoding) {
  const { level, lowercase, maxLength } = encoding.binding.targetTokenizer;
  return {
    level,
    normalization: tokenizerRule.normalization,
    lowercase,
    word_pattern: pythonPattern(encoding.binding.targetTokenizer),
    ...(encoding.targetMerges ? { merges: encoding.targetMerges } : {}),
    max_length: maxLength,
    max_tokens: defaultLimit(encoding),
  };
}

/**
 * `vocabulary.json`: all that turns a text or a series into the model's input and its output back into names or numbers: the
 * tokenizer's rule or the settings of `features.py`, tokens and classes by id, and the normalization.
 */
export function vocabularyJson(encoding: DataEncoding): string {
  const { binding, vocabulary, classes, inputNormalization, targetNormalization } = encoding;
  const running = isRunningText(binding);
  const special = specialIds(vocabulary ?? []);
  const tokenizer = {
    level: binding.tokenizer.level,
    /** The data gives tokens, each with its tag: none is cut further. */
    separated: binding.task === 'step-tagging',
    normalization: tokenizerRule.normalization,
    lowercase: binding.tokenizer.lowercase,
    word_pattern: pythonPattern(binding.tokenizer, running),
    ...(encoding.merges ? { merges: encoding.merges } : {}),
    max_length: running ? null : binding.tokenizer.maxLength,
    special_ids: [...special.all].sort((a, b) => a - b),
    unknown_id: special.unknown,
  };
  const media = mediaJson(encoding);
  const content = {
    tokenizer: vocabulary === null ? null : tokenizer,
    columns: columnsOf(encoding),
    reading: readingOf(encoding.reading),
    max_steps: binding.tokenizer.maxLength,
    ...(running ? { running: { chunk: binding.languageModel.chunk } } : {}),
    window: binding.task === 'forecasting' ? binding.window : null,
    split: { ...binding.split, limit: binding.limit },
    ...(binding.task === 'sequence-to-sequence' ? { target: targetRule(encoding) } : {}),
    ...(media === null ? {} : { media }),
    input_normalization: inputNormalization,
    target_normalization: targetNormalization,
    classes,
    tokens: vocabulary,
  };
  return `${JSON.stringify(content, null, 1)}\n`;
}
