import { expect, it } from 'vitest';
import { templateEntryOf } from '../../engine/services/template-entry.ts';
import { templates } from '../../templates/registry.ts';
import { findTemplates, groupTemplates } from './find-templates.ts';

const entries = templates.map(templateEntryOf);
const found = (search: string): string[] => findTemplates(entries, search).map(({ name }) => name);

it('finds templates by task, layer, structure and what they teach, all words in any order', () => {
  expect(found('attention beam')).toEqual(['pronunciation']);
  expect(found('  Carried STATE ')).toEqual(['language-model']);
  expect(found('pyramid')).toEqual(['speech']);
  expect(found('one-to-one')).toEqual(['shapes']);
  expect(found('no such words')).toEqual([]);
});

it('starts at the smallest network that trains soonest', () => {
  const all = findTemplates(entries, '');
  expect(all).toHaveLength(templates.length);
  const sizes = all.map(({ graph, seconds }) => [graph.nodes.length, seconds] as const);
  expect(sizes).toEqual([...sizes].sort(([a, soon], [b, late]) => a - b || soon - late));
});

it('groups by structure from the simplest on, each once, with all that was found', () => {
  const groups = groupTemplates(findTemplates(entries, ''));
  expect(groups.flatMap(({ members }) => members)).toHaveLength(templates.length);
  for (const { structure, members } of groups) expect(new Set(members.map((one) => one.structure))).toEqual(new Set([structure]));
  const first = groups.map(({ members }) => members[0]?.graph.nodes.length ?? 0);
  expect(first).toEqual([...first].sort((a, b) => a - b));
  // A cell that is run over a series, and a number at its end: the picture’s convolutions come later.
  expect(groups[0]?.members[0]?.name).toBe('temperature');
  expect(new Set(groups.map(({ structure }) => structure)).size).toBe(groups.length);
});
