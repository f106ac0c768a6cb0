import type { UnrollDocument } from '../../document/schema.ts';
import {
  type SettingRange,
  type SweepSettings,
  sameSetting,
  sweepSettings,
  type VariedSetting,
} from '../../document/sweep-settings.ts';
import { type SettingPlace, type VariedField, variedField } from './varied-field.ts';

/** The document's sweep; as it would begin where there is none. */
export const sweepOf = ({ sweep }: UnrollDocument): SweepSettings => sweep ?? sweepSettings.parse({});

export const setSweep = (document: UnrollDocument, patch: Partial<SweepSettings>): UnrollDocument => ({
  ...document,
  sweep: { ...sweepOf(document), ...patch },
});

/** How a setting is varied; `undefined` where it is not. */
export const variedAt = (document: UnrollDocument, place: SettingPlace): VariedSetting | undefined =>
  document.sweep?.vary.find((other) => sameSetting(other, place));

/** Varies a setting over a range, in the place of what it was varied over before. */
export function varySetting(document: UnrollDocument, place: SettingPlace, range: SettingRange): UnrollDocument {
  const { vary } = sweepOf(document);
  const { node, block, field } = place;
  const setting: VariedSetting = { node, field, range, ...(block === undefined ? {} : { block }) };
  const known = vary.some((other) => sameSetting(other, place));
  return setSweep(document, {
    vary: known ? vary.map((other) => (sameSetting(other, place) ? setting : other)) : [...vary, setting],
  });
}

export const stopVarying = (document: UnrollDocument, place: SettingPlace): UnrollDocument =>
  setSweep(document, { vary: sweepOf(document).vary.filter((other) => !sameSetting(other, place)) });

/** All values that a field names, e.g. kinds of cells; `null` where it names none. */
export function optionsOf({ schemas: [schema] }: VariedField): readonly (string | boolean)[] | null {
  let inner: unknown = schema;
  while (typeof inner === 'object' && inner !== null && 'unwrap' in inner && typeof inner.unwrap === 'function')
    inner = inner.unwrap();
  if (typeof inner !== 'object' || inner === null || !('type' in inner)) return null;
  if (inner.type === 'boolean') return [false, true];
  return 'options' in inner && Array.isArray(inner.options) ? inner.options.filter((one) => typeof one === 'string') : null;
}

/** A range to begin with: all that a field names, or numbers on both sides of what it is now. */
export function firstRange(document: UnrollDocument, place: SettingPlace): SettingRange {
  const field = variedField(document, place);
  if (!field.ok) return { kind: 'choices', values: [null] };
  const options = optionsOf(field);
  if (options !== null) return { kind: 'choices', values: [...options] };
  const { value, integer } = field;
  if (typeof value !== 'number') return { kind: 'choices', values: [value] };
  if (value <= 0) return { kind: 'choices', values: [value] };
  const [down, up] = integer ? [Math.max(1, Math.round(value / 4)), value * 2] : [value / 10, value * 10];
  const within = (one: number): number => (field.schemas.every((schema) => schema.safeParse(one).success) ? one : value);
  const rounded = (one: number): number => within(Number(one.toPrecision(4)));
  return { kind: 'log', from: rounded(down), to: rounded(up), ...(integer ? { step: 2 } : {}) };
}
