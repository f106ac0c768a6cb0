import {
  type DataBinding,
  type ReaderSettings,
  type TaskKind,
  type TokenizerSettings,
  tokenizerSettings,
} from '../../engine/document/data-binding.ts';
import { type MediaSettings, mediaKindOf, mediaSettings } from '../../engine/document/media-settings.ts';
import type { DataPreview } from '../../engine/protocol/data.ts';

type Look = Pick<DataPreview, 'rows'> & { readonly columns: readonly Pick<DataPreview['columns'][number], 'name'>[] };

/** Settings that the first rows suggest for a task: what the input column names, and how texts become tokens. For the user to correct. */
export function guessSettings(
  task: TaskKind,
  reader: Pick<ReaderSettings, 'inputColumns' | 'targetColumns'>,
  look: Look,
): Pick<DataBinding, 'tokenizer' | 'targetTokenizer' | 'media'> {
  const cells = (names: readonly string[]): string[][] => {
    const places = names.map((name) => look.columns.findIndex((column) => column.name === name)).filter((place) => place >= 0);
    return look.rows.map((row) => places.map((place) => row[place] ?? ''));
  };
  const inputs = cells(reader.inputColumns);
  return {
    tokenizer: guessTokenizer(inputs, task === 'language-model' ? 'keep' : 'lower'),
    targetTokenizer: guessTokenizer(task === 'sequence-to-sequence' ? cells(reader.targetColumns) : [], 'keep'),
    media: guessMedia(task, inputs),
  };
}

/** Texts that are hardly ever more than one word are spelled out. */
function guessTokenizer(rows: readonly (readonly string[])[], letterCase: 'keep' | 'lower'): TokenizerSettings {
  const texts = rows.map((cells) => cells.join(' ').trim()).filter((text) => text !== '');
  const words = texts.reduce((sum, text) => sum + text.split(/\s+/).length, 0);
  const spelled = texts.length > 0 && words < 1.5 * texts.length && !texts.some((text) => text.startsWith('['));
  return tokenizerSettings.parse({ level: spelled ? 'character' : 'word', lowercase: letterCase === 'lower' });
}

function guessMedia(task: TaskKind, rows: readonly (readonly string[])[]): MediaSettings {
  const first = rows.map((cells) => cells[0] ?? '');
  const readsFiles = task !== 'language-model' && task !== 'step-tagging' && task !== 'forecasting';
  return mediaSettings.parse({ kind: readsFiles && rows[0]?.length === 1 ? mediaKindOf(first) : 'none' });
}
