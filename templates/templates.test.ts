import { describe, expect, it } from 'vitest';
import { compilePlan } from '../engine/compile/compile-plan.ts';
import { dataBinding } from '../engine/document/data-binding.ts';
import type { UnrollDocument } from '../engine/document/schema.ts';
import type { DataFacts } from '../engine/shapes/data-facts.ts';
import { findTemplate, templates } from './registry.ts';

const text = { vocabulary: 100, classes: 2, features: null, targets: null };
const series = { vocabulary: null, classes: null, features: 4, targets: 1 };

/** What the data of a task would say, roughly. */
function factsOf({ data, nodes }: UnrollDocument): DataFacts {
  const task = data?.task;
  const numbers = nodes.some((node) => node.kind === 'series-input');
  const media = data?.media ?? { kind: 'none' };
  if (media.kind === 'image' || media.kind === 'frames') {
    const { height, width, channels } = media;
    return { ...text, vocabulary: null, features: height * width * channels, image: { height, width, channels } };
  }
  if (task === 'sequence-classification' && numbers) return { ...text, vocabulary: null, features: 24 };
  if (task === 'forecasting') return series;
  if (task === 'sequence-regression' && numbers) return series;
  return task === 'sequence-regression' ? { ...text, classes: null, targets: 1 } : text;
}

describe.each(templates.map((template) => [template.info.name, template] as const))('%s', (name, template) => {
  it('compiles, and takes its own data', () => {
    const document = template.document();
    const compiled = compilePlan(document, factsOf(document));
    expect(compiled.ok || compiled.problems).toBe(true);
    expect(dataBinding.parse(document.data).source).toEqual({ kind: 'template', name });
    expect(document.name).toBe(name);
  });

  it('lays its nodes out without overlap, cells below their wrapper', () => {
    const { nodes, edges } = template.document();
    const card = { width: 180, height: 76 };
    for (const a of nodes) {
      for (const b of nodes) {
        if (a === b) continue;
        const apart =
          Math.abs(a.position.x - b.position.x) >= card.width + 40 || Math.abs(a.position.y - b.position.y) >= card.height + 40;
        expect(apart || `${a.id} overlaps ${b.id}`).toBe(true);
      }
    }
    for (const edge of edges) {
      const from = nodes.find((node) => node.id === edge.from.node);
      const to = nodes.find((node) => node.id === edge.to.node);
      if (!from || !to) throw new Error(`wire ${edge.id} ends nowhere`);
      if (edge.to.port !== 'cell') expect(from.position.x).toBeLessThan(to.position.x);
    }
    for (const { id, position } of nodes) {
      const wrappers = edges.filter((edge) => edge.from.node === id && edge.to.port === 'cell').map((edge) => edge.to.node);
      if (wrappers.length === 0) continue;
      const below = nodes.filter((node) => wrappers.includes(node.id) && node.position.x === position.x);
      expect(below.map((node) => position.y - node.position.y)).toEqual([180]);
    }
  });

  it('has comments beside its nodes', () => {
    const { nodes, comments } = template.document();
    for (const { position, size } of comments) {
      for (const node of nodes) {
        const outside =
          node.position.x + 180 <= position.x ||
          position.x + size.width <= node.position.x ||
          node.position.y + 76 <= position.y ||
          position.y + size.height <= node.position.y;
        expect(outside || `the comment covers ${node.id}`).toBe(true);
      }
    }
  });

  it('teaches: source, size, split rule, baseline, result, time and device', () => {
    for (const heading of ['## The data', '## The split', '## The baseline', '## The result', '## Try this']) {
      expect(template.readme).toContain(heading);
    }
    // The gallery's time is the README's.
    expect(template.readme).toMatch(new RegExp(`\\b${template.info.seconds}( s\\b| seconds|, with the same)`));
  });
});

it('refuses an unknown name with the ones that exist', () => {
  expect(() => findTemplate('nonsense')).toThrow(templates.map(({ info }) => info.name).join(', '));
});
