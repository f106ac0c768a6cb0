import { UserError } from '../protocol/envelope.ts';
import type { DataEncoding, EncodedSplit, Normalization, PreparedData } from './dataset.ts';
import { hasTokenTargets } from './dataset.ts';
import { speaks } from './terms.ts';

/**
 * Data that was prepared in a model's tokens (`PrepareOptions.terms`), in the rest of its terms: its classes and its normalization. What the
 * data was fit to itself is translated, so that a trained model can be trained on with other data.
 *
 * @throws UserError `other-task`, `other-classes`, `other-columns` when the two have nothing to do with each other
 */
export function reencoded(data: PreparedData, model: DataEncoding): PreparedData {
  const own = data.encoding;
  requireSameTask(own, model);
  if ((own.vocabulary === null) !== (model.vocabulary === null)) throw otherKind(model.vocabulary === null);
  if (!speaks(own, model)) throw new Error('the data was not prepared in the model’s tokens');
  const longestTarget = Math.max(own.longestTarget ?? 0, model.longestTarget ?? 0);
  const kept: DataEncoding = {
    ...model,
    binding: own.binding,
    fingerprint: own.fingerprint,
    ...(longestTarget > 0 ? { longestTarget } : {}),
  };
  const sameClasses = JSON.stringify(own.classes) === JSON.stringify(model.classes);
  const classes = sameClasses ? null : classMap(own.classes, model.classes);
  const series = rescaling('input', own.inputNormalization, model.inputNormalization);
  const numbers = rescaling('target', own.targetNormalization, model.targetNormalization);
  const translate = (split: EncodedSplit): EncodedSplit => ({
    ...split,
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

/** What says tokens says those of its task. */
function requireSameTask(own: DataEncoding, model: DataEncoding): void {
  if (own.binding.task === model.binding.task || !(hasTokenTargets(own) || hasTokenTargets(model))) return;
  throw new UserError({
    code: 'other-task',
    message: `The data is for ${own.binding.task}, but the model was trained for ${model.binding.task}.`,
    hint: 'Choose the model’s task in the Data panel, or train a new model.',
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
  if (own === null || model === null) throw otherKind(model !== null);
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

const otherKind = (numeric: boolean): UserError =>
  new UserError({
    code: 'other-columns',
    message: numeric
      ? 'The model reads or gives numbers, but the data is text or classes.'
      : 'The model reads text or gives classes, but the data is numeric.',
    hint: 'Choose data of the same kind as the model was trained on.',
  });
