import { z } from 'zod';
import { cellKinds, findCell } from '../../cells/registry.ts';
import { nodeOf } from '../../document/node-of.ts';
import { blockKind, findDefinition } from '../../document/placed-blocks.ts';
import type { GraphNode, UnrollDocument } from '../../document/schema.ts';
import { type SettingValue, sameSetting, type VariedSetting } from '../../document/sweep-settings.ts';
import { optimizerSettings, scheduleSettings, trainingSettings } from '../../document/training-settings.ts';
import { findLayer } from '../../layers/registry.ts';
import { fieldTitle, inWords } from '../settings-list.ts';

/** Which setting: of a node, of a node in a block's definition, or of training. */
export type SettingPlace = Pick<VariedSetting, 'node' | 'block' | 'field'>;

/** A setting that can be varied. */
export interface VariedField {
  readonly ok: true;
  /** The field in words, e.g. `forget bias`. */
  readonly title: string;
  /** Of the node, as its card says it; `training`. */
  readonly owner: string;
  /** Each must take a value: more than one where the kind of the cell or of the optimizer is varied too. */
  readonly schemas: readonly z.ZodType[];
  /** Whether it takes whole numbers alone. */
  readonly integer: boolean;
  readonly value: SettingValue;
}

/** Why a setting cannot be varied, with what to do about it. */
export interface NoField {
  readonly ok: false;
  readonly message: string;
  readonly fix: string;
}

const noField = (message: string, fix: string): NoField => ({ ok: false, message, fix });

/** The settings of training that have settings of their own. */
const nested = { optimizer: optimizerSettings, schedule: scheduleSettings } as const;
const isNested = (name: string): name is keyof typeof nested => Object.hasOwn(nested, name);

/** Where the node of a varied setting stands; `undefined` where it does not, and for training. */
export function variedNode(
  document: UnrollDocument,
  { node, block }: Pick<SettingPlace, 'node' | 'block'>,
): GraphNode | undefined {
  const canvas = block === undefined ? document : findDefinition(document, block);
  return canvas && nodeOf(canvas, node);
}

/** A setting of a document, as a sweep may vary it. */
export function variedField(document: UnrollDocument, place: SettingPlace): VariedField | NoField {
  return place.node === null ? trainingField(document, place) : nodeField(document, place);
}

function nodeField(document: UnrollDocument, place: SettingPlace): VariedField | NoField {
  const { field } = place;
  const node = variedNode(document, place);
  if (node === undefined) {
    const where = place.block === undefined ? 'in the graph' : `in the block “${place.block}”`;
    return noField(
      `there is no node “${place.node}” ${where}`,
      'Name a node that is there, or take this setting out of the sweep.',
    );
  }
  const layer = findLayer(node.kind);
  const isCell = findCell(node.kind) !== undefined;
  const kinds = isCell ? choicesOf(document, { ...place, field: 'kind' }, node.kind) : [node.kind];
  // Where its kind is varied, the document's is none of the others.
  const owner = node.label ?? (kinds.length > 1 ? 'Cell' : (layer?.title ?? node.kind));
  if (field === 'kind' && isCell) return found('kind', owner, [z.enum(cellKinds)], node.kind);
  if (field === 'repeat' && node.kind === blockKind)
    return found('repeats', owner, [z.number().int().min(1).max(1_000)], node.params['repeat'] ?? 1);
  const schemas = kinds.map((kind) => findLayer(kind)?.config.shape[field] as z.ZodType | undefined);
  const without = kinds.find((_, i) => schemas[i] === undefined);
  if (without !== undefined) {
    const fields = kinds.map((kind) => Object.keys(findLayer(kind)?.config.shape ?? {}));
    const shared = (fields[0] ?? []).filter((name) => fields.every((names) => names.includes(name)));
    return unknownField(`${findLayer(without)?.title ?? without} has no setting “${field}”`, [
      ...shared,
      ...(isCell ? ['kind'] : []),
    ]);
  }
  const known = schemas.filter((schema) => schema !== undefined);
  const value = node.params[field] ?? (known[0]?.safeParse(undefined).data as SettingValue | undefined) ?? null;
  return found(fieldTitle(kinds[0] ?? node.kind, field), owner, known, value);
}

function trainingField(document: UnrollDocument, place: SettingPlace): VariedField | NoField {
  const { field } = place;
  const [name = '', inner, ...more] = field.split('.');
  if (name === 'seed') return noField('the seed is no setting to vary', 'Set how many seeds each trial has.');
  if (isNested(name) && inner !== undefined && more.length === 0) {
    const settings = nested[name];
    const current = document.training[name];
    const options = settings.options.map((option) => ({ kind: option.shape.kind.value as string, shape: option.shape }));
    const title = `${name} ${inWords(inner)}`;
    if (inner === 'kind') return found(name, 'training', [z.enum(options.map(({ kind }) => kind))], current.kind);
    const kinds = choicesOf(document, { ...place, field: `${name}.kind` }, current.kind);
    const shapes = kinds.map((kind) => options.find((option) => option.kind === kind)?.shape as Shape | undefined);
    const without = kinds.find((_, i) => shapes[i]?.[inner] === undefined);
    if (without !== undefined) {
      const shared = Object.keys(shapes[0] ?? {}).filter((key) => shapes.every((shape) => shape?.[key] !== undefined));
      return unknownField(
        `${name} ${without} has no setting “${inner}”`,
        shared.map((key) => `${name}.${key}`),
      );
    }
    const value = (current as Readonly<Record<string, SettingValue>>)[inner] ?? null;
    return found(
      title,
      'training',
      shapes.flatMap((shape) => shape?.[inner] ?? []),
      value,
    );
  }
  const shape = trainingSettings.shape as Shape;
  if (inner !== undefined || isNested(name) || shape[name] === undefined)
    return unknownField(`training has no setting “${field}”`, trainingFields());
  const value = (document.training as Readonly<Record<string, unknown>>)[name] as SettingValue;
  return found(inWords(name), 'training', [shape[name]], value);
}

type Shape = Readonly<Record<string, z.ZodType>>;

/** The settings of training that can be varied, by the names that a sweep calls them. */
const trainingFields = (): string[] =>
  Object.keys(trainingSettings.shape).flatMap((name) => (name === 'seed' ? [] : [isNested(name) ? `${name}.kind` : name]));

const unknownField = (message: string, known: readonly string[]): NoField =>
  noField(message, known.length === 0 ? 'It has none that can be varied.' : `It has: ${known.join(', ')}.`);

/** The values that another setting may take in this sweep; that of the document where it is not varied. */
function choicesOf(document: UnrollDocument, place: SettingPlace, current: string): readonly string[] {
  const range = document.sweep?.vary.find((other) => sameSetting(other, place))?.range;
  return range?.kind === 'choices' ? range.values.filter((value) => typeof value === 'string') : [current];
}

function found(title: string, owner: string, schemas: readonly z.ZodType[], value: SettingValue): VariedField {
  return { ok: true, title, owner, schemas, integer: schemas.some(isInteger), value };
}

/** Whether a field takes whole numbers alone. */
function isInteger(schema: z.ZodType): boolean {
  if (
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodPrefault
  )
    return isInteger(schema.unwrap() as z.ZodType);
  return schema instanceof z.ZodNumber && schema.isInt;
}

/** The setting in words, e.g. `LSTM cell · width` or `learning rate`; its names where it is not there. */
export function settingTitle(document: UnrollDocument, place: SettingPlace): string {
  const field = variedField(document, place);
  if (!field.ok) return [place.node, place.field].filter((name) => name !== null).join(' · ');
  return place.node === null ? field.title : `${field.owner} · ${field.title}`;
}

/** The values of a sweep's settings, each by its axis. @throws Error where one is not there: `sweepFindings` tells of it first */
export function variedFields(document: UnrollDocument, vary: readonly VariedSetting[]): VariedField[] {
  return vary.map((one) => {
    const field = variedField(document, one);
    if (!field.ok) throw new Error(field.message);
    return field;
  });
}
