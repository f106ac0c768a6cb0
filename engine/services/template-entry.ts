import type { Template } from '../../templates/template.ts';
import { findLayer } from '../layers/registry.ts';
import type { TemplateEntry } from '../protocol/documents.ts';
import { modelName } from '../runs/run-name.ts';

/** A template as the gallery shows it: what it says of itself, and its graph in small. */
export function templateEntryOf(template: Template): TemplateEntry {
  const document = template.document();
  const place = new Map(document.nodes.map(({ id }, i) => [id, i]));
  const nodes = document.nodes.map(({ kind, position }) => ({ ...position, family: findLayer(kind)?.family ?? 'represent' }));
  const wires = document.edges.flatMap(({ from, to }): [number, number][] => {
    const [start, end] = [place.get(from.node), place.get(to.node)];
    return start === undefined || end === undefined ? [] : [[start, end]];
  });
  return { ...template.info, model: modelName(document), graph: { nodes, wires } };
}
