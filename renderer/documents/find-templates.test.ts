import { expect, it } from 'vitest';
import { templateEntryOf } from '../../engine/services/template-entry.ts';
import { templates } from '../../templates/registry.ts';
import { findTemplates } from './find-templates.ts';

const entries = templates.map(templateEntryOf);
const found = (search: string): string[] => findTemplates(entries, search).map(({ name }) => name);

it('finds templates by task, layer, structure and what they teach, all words in any order', () => {
  expect(found('attention beam')).toEqual(['pronunciation']);
  expect(found('  Carried STATE ')).toEqual(['language-model']);
  expect(found('pyramid')).toEqual(['speech']);
  expect(found('one-to-one')).toEqual(['shapes']);
  expect(found('no such words')).toEqual([]);
});

it('starts at the smallest', () => {
  const sizes = findTemplates(entries, '').map(({ graph }) => graph.nodes.length);
  expect(sizes).toHaveLength(templates.length);
  expect(sizes).toEqual([...sizes].sort((a, b) => a - b));
});
