import { UserError } from '../protocol/envelope.ts';
import { type DataEncoding, type EncodedSplit, type Normalization, type PreparedData, specialTokens } from './dataset.ts';
import { idArray } from './growing-list.ts';

/**
 * Prepared data in the terms of a model that is there already: its vocabulary, its classes, its normalization. What the data was fit to
 * itself is translated, so that a trained model can be trained on with other data.
 *
 * @throws UserError `other-classes`, `other-vocabulary`, `other-columns` when the two have nothing to do with each other
 */
export function reencoded(data: PreparedData, model: DataEncoding): PreparedData {
  const own = data.encoding;
  const kept: DataEncoding = { ...model, binding: own.binding, fingerprint: own.fingerprint };
  const sameWords = own.vocabulary?.join('\n') === model.vocabulary?.join('\n');
  const sameClasses = own.classes?.join('\n') === model.classes?.join('\n');
  if (!(sameWords && sameClasses)) requireOwnTargets(own);
  if (JSON.stringify(own.merges) !== JSON.stringify(model.merges)) throw otherSubwords();
  const tokens = sameWords ? null : tokenMap(own.vocabulary, model.vocabulary);
  const classes = sameClasses ? null : classMap(own.classes, model.classes);
  const series = rescaling('input', own.inputNormalization, model.inputNormalization);
  const numbers = rescaling('target', own.targetNormalization, model.targetNormalization);
  const translate = (split: EncodedSplit): EncodedSplit => ({
    ...split,
    tokens: split.tokens && tokens ? mapped(split.tokens, tokens) : split.tokens,
    series: split.series && series ? split.series.map(series) : split.series,
    classTargets: split.classTargets && classes ? split.classTargets.map((id) => classes[id] ?? 0) : split.classTargets,
    tagTargets: split.tagTargets && classes ? split.tagTargets.map((id) => classes[id] ?? 0) : split.tagTargets,
    numberTargets: split.numberTargets && numbers ? split.numberTargets.map(numbers) : split.numberTargets,
  });
  const { train, validation, test } = data.splits;
  return {
    encoding: kept,
    splits: { train: translate(train), validation: translate(validation), test: translate(test) },
    report: { ...data.report, facts: model.facts },
  };
}

/** Targets that are tokens themselves are not translated: the vocabulary must be the same. */
function requireOwnTargets({ binding }: DataEncoding): void {
  if (binding.task !== 'language-model' && binding.task !== 'sequence-to-sequence') return;
  throw new UserError({
    code: 'other-vocabulary',
    message: 'The data has another vocabulary than the model, which says tokens of its own.',
    hint: 'Train a new model, or train on with the data that the model was made from.',
  });
}

function tokenMap(own: readonly string[] | null, model: readonly string[] | null): Int32Array {
  if (own === null || model === null) throw otherKind(model === null);
  const ids = new Map(model.map((token, id) => [token, id]));
  const map = Int32Array.from(own, (token) => ids.get(token) ?? specialTokens.unknown);
  const words = own.length - Object.keys(specialTokens).length;
  const known = map.filter((id) => id > specialTokens.end).length;
  if (words === 0 || known > 0) return map;
  throw new UserError({
    code: 'other-vocabulary',
    message: `None of the data’s ${words.toLocaleString('en')} tokens is in the model’s vocabulary.`,
    hint: 'Check that both split text into words, or both into characters, and that the vocabulary of the model holds words.',
  });
}

function classMap(own: readonly string[] | null, model: readonly string[] | null): Int32Array {
  if (own === null || model === null) throw otherKind(model === null);
  const ids = new Map(model.map((name, id) => [name, id]));
  return Int32Array.from(own, (name) => {
    const id = ids.get(name);
    if (id !== undefined) return id;
    throw new UserError({
      code: 'other-classes',
      message: `The data has the class “${name.slice(0, 60)}”; the model knows ${shortened(model)}.`,
      hint: 'Rename the labels to those of the model, or train a new model.',
    });
  });
}

const shortened = (names: readonly string[]): string =>
  names
    .slice(0, 6)
    .map((name) => `“${name.slice(0, 40)}”`)
    .join(', ') + (names.length > 6 ? ` and ${names.length - 6} more` : '');

/** From one normalization to another, element by element; `null` where they are equal. */
function rescaling(
  what: 'input' | 'target',
  own: Normalization | null,
  model: Normalization | null,
): ((value: number, index: number) => number) | null {
  if (own === null && model === null) return null;
  if (own === null || model === null) throw otherKind(what === 'input' ? model === null : model !== null);
  const width = model.mean.length;
  if (own.mean.length !== width) {
    throw new UserError({
      code: 'other-columns',
      message: `The data has ${own.mean.length} ${what} columns; the model expects ${width} (${model.names.slice(0, 6).join(', ')}).`,
      hint: 'Choose the same columns in the Data panel, in the same order.',
    });
  }
  if (own.mean.join() === model.mean.join() && own.deviation.join() === model.deviation.join()) return null;
  return (value, index) => {
    const f = index % width;
    const raw = value * (own.deviation[f] ?? 1) + (own.mean[f] ?? 0);
    return (raw - (model.mean[f] ?? 0)) / (model.deviation[f] ?? 1);
  };
}

function mapped(tokens: Exclude<EncodedSplit['tokens'], null>, map: Int32Array): Exclude<EncodedSplit['tokens'], null> {
  const out = idArray(
    tokens.length,
    map.reduce((largest, id) => Math.max(largest, id), 0),
  );
  for (let i = 0; i < tokens.length; i++) out[i] = map[tokens[i] ?? 0] ?? specialTokens.unknown;
  return out;
}

const otherSubwords = (): UserError =>
  new UserError({
    code: 'other-vocabulary',
    message: 'The data is cut into other tokens than the model’s: sub-words are learned from the data itself.',
    hint: 'Train on with the data that the model was made from, or train a new model.',
  });

const otherKind = (numeric: boolean): UserError =>
  new UserError({
    code: 'other-columns',
    message: numeric
      ? 'The model reads or gives numbers, but the data is text or classes.'
      : 'The model reads text or gives classes, but the data is numeric.',
    hint: 'Choose data of the same kind as the model was trained on.',
  });
