import { expect, test } from 'vitest';
import { z } from 'zod';
import { trainingSettings } from '../../engine/document/training-settings.ts';
import { findLayer, layerKinds } from '../../engine/layers/registry.ts';
import { formFields, words } from './form-fields.ts';

test('every setting of every layer kind gets a field whose default its schema accepts', () => {
  for (const kind of layerKinds) {
    const layer = findLayer(kind);
    if (!layer) throw new Error(kind);
    const fields = formFields(layer.config);
    // The equations of a cell are edited inside of it.
    const inForms = Object.keys(layer.config.shape).filter((name) => name !== 'equations');
    expect(fields.map((f) => f.name).sort()).toEqual(inForms.sort());
    const values = Object.fromEntries(fields.map((f) => [f.name, f.fallback]));
    expect(layer.config.parse(values)).toEqual(layer.config.parse({}));
    for (const field of fields) expect(field.help, `${kind}.${field.name} has no help`).not.toBeNull();
  }
});

test('limits, help and kinds come from the schema', () => {
  const schema = z.strictObject({
    width: z.number().int().min(1).max(8).default(4).meta({ title: 'Width', description: 'How wide.' }),
    share: z.number().min(0).max(0.9).default(0.1),
    classes: z.number().int().min(1).nullable().default(null),
    frozen: z.boolean().default(false),
    merge: z.enum(['sum', 'mean']).default('mean'),
    vectors: z
      .string()
      .default('')
      .meta({ fileEndings: ['txt'] }),
    note: z.string().default('none'),
    equations: z.string().default("h' = x").meta({ elsewhere: true }),
  });
  const [width, share, classes, frozen, merge, vectors, note, ...more] = formFields(schema);
  expect(width).toEqual({
    name: 'width',
    label: 'Width',
    help: 'How wide.',
    kind: 'number',
    min: 1,
    max: 8,
    integer: true,
    nullable: false,
    fallback: 4,
  });
  expect(share).toMatchObject({ kind: 'number', integer: false, max: 0.9, label: 'Share' });
  expect(classes).toMatchObject({ kind: 'number', nullable: true, max: undefined, fallback: null });
  expect(frozen).toMatchObject({ kind: 'switch', fallback: false });
  expect(merge).toMatchObject({ kind: 'choice', options: ['sum', 'mean'], fallback: 'mean' });
  expect(vectors).toMatchObject({ kind: 'path', endings: ['txt'], fallback: '' });
  expect(note).toMatchObject({ kind: 'text', fallback: 'none' });
  expect(more).toEqual([]);
});

test('scalar training settings have fields too', () => {
  const names = formFields(trainingSettings).map((f) => f.name);
  for (const name of ['epochs', 'batchSize', 'seed', 'loss', 'learningRate', 'clipNorm', 'device']) expect(names).toContain(name);
});

test('names become words', () => {
  expect(words('earlyStoppingPatience')).toBe('Early stopping patience');
});
