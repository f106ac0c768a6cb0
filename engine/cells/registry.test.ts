import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { cellForms, cellKinds, cellOf, cells, findCell } from './registry.ts';

it.each([...cellKinds])('%s has its folder, and its name in the registry', (kind) => {
  expect(existsSync(join(import.meta.dirname, kind.replace('-cell', ''), 'cell.ts'))).toBe(true);
  expect(cells[kind].kind).toBe(kind);
  expect(cellOf(kind, {})).toMatchObject({ hidden: 128, settings: { recurrentInitializer: 'uniform' } });
});

/** Settings that every cell has, and that are not what it computes. */
const everyCells = ['hidden', 'recurrentInitializer'];

/** Values of settings that choose what is computed: words, truth values and whole numbers. Other numbers are where something starts, or factors. */
const choices = cellKinds.flatMap((kind) => {
  const fields = z.toJSONSchema(findCell(kind)?.config ?? z.never(), { io: 'input' }).properties ?? {};
  return Object.entries(fields).flatMap(([name, field]): { kind: string; name: string; value: unknown }[] => {
    if (typeof field === 'boolean' || everyCells.includes(name)) return [];
    const values = field.enum ?? (field.type === 'boolean' ? [true] : []);
    return values.map((value) => ({ kind, name, value }));
  });
});

it.each(choices)('$kind is tested with $name $value', ({ kind, name, value }) => {
  const usual = (findCell(kind)?.config ?? z.never()).parse({}) as Record<string, unknown>;
  const forms = cellForms.filter((form) => form.kind === kind);
  expect(forms.some(({ settings }) => (settings[name] ?? usual[name]) === value)).toBe(true);
});

it('calls each form by a name of its own', () => {
  expect(choices.length).toBeGreaterThan(8);
  expect(new Set(cellForms.map(({ name }) => name)).size).toBe(cellForms.length);
});
