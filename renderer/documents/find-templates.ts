import type { TemplateEntry } from '../../engine/protocol/documents.ts';

/** Templates that have all the words somewhere in what is shown of them; the smallest graphs first, of equal ones what trains soonest. */
export function findTemplates(templates: readonly TemplateEntry[], search: string): TemplateEntry[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return templates
    .filter(({ title, summary, teaches, task, model, structure }) => {
      const text = [title, summary, teaches, task, model, structure].join(' ').toLowerCase();
      return words.every((word) => text.includes(word));
    })
    .sort((a, b) => a.graph.nodes.length - b.graph.nodes.length || a.seconds - b.seconds);
}

export interface TemplateGroup {
  readonly structure: TemplateEntry['structure'];
  readonly members: readonly TemplateEntry[];
}

/** The same by structure: the structure that has the simplest network first. */
export function groupTemplates(found: readonly TemplateEntry[]): TemplateGroup[] {
  const structures = [...new Set(found.map(({ structure }) => structure))];
  return structures.map((structure) => ({ structure, members: found.filter((one) => one.structure === structure) }));
}
