import { describe, expect, it } from 'vitest';
import { readGraph } from '../../engine/cells/graph/read-graph.ts';
import { cellLibrary } from '../../engine/cells/library.ts';
import { cellOf } from '../../engine/cells/registry.ts';
import { type CellLayout, layOut, type PlacedNode } from './cell-layout.ts';
import { neighbour } from './neighbour.ts';
import { wireWay } from './wire-way.ts';

const lstm = cellOf('lstm-cell', { hidden: 4, peepholes: true, projection: 2 }).equations;
const texts = [...cellLibrary.map(({ title, equations }) => [title, equations] as const), ['LSTM', lstm] as const];
const laidOut = (text: string): CellLayout => layOut(readGraph(text));
const placed = (layout: CellLayout, id: string): PlacedNode => {
  const found = layout.nodes.find(({ node }) => node.id === id);
  if (!found) throw new Error(id);
  return found;
};

describe.each(texts)('%s', (_title, text) => {
  const layout = laidOut(text);

  it('no two nodes overlap, and all lie in it', () => {
    for (const a of layout.nodes) {
      expect(a.x).toBeGreaterThan(0);
      expect(a.x + a.width).toBeLessThan(layout.width);
      expect(a.y + a.height).toBeLessThan(layout.height);
      for (const b of layout.nodes) {
        const apart = a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
        if (a !== b) expect(apart, `${a.node.id} and ${b.node.id}`).toBe(true);
      }
    }
  });

  it('what begins is on the left border, what ends on the right one, and all is computed from left to right', () => {
    for (const { node, x, width } of layout.nodes) {
      if (node.kind === 'input') expect(x + width / 2).toBeCloseTo(layout.border.left);
      else if (node.kind === 'output') expect(x + width / 2).toBeCloseTo(layout.border.right);
      else expect(x).toBeGreaterThan(layout.border.left);
    }
    const graph = readGraph(text);
    for (const { from, to } of graph.wires) expect(placed(layout, from).x, `${from} to ${to}`).toBeLessThan(placed(layout, to).x);
  });

  it('each slot has its place on the left side', () => {
    for (const { node, slots, height } of layout.nodes) {
      const wires = readGraph(text).wires.filter(({ to }) => to === node.id);
      expect(slots.map(({ slot }) => slot).sort()).toEqual(wires.map(({ slot }) => slot).sort());
      for (const { at } of slots) expect(at > 0 && at < height).toBe(true);
    }
  });
});

describe('what a node shows', () => {
  const look = (text: string, id: string) => {
    const { shape, title, action, detail } = placed(laidOut(text), id).look;
    return [shape, title, action, detail];
  };

  it.each([
    ["h' = sigmoid(layernorm(W x + U h))", "h'", ['gate', "h'", 'sigmoid layernorm', 'W x + U h']],
    ["h' = (1 - h) * h", "h'/0", ['function', null, '1 −', null]],
    ["h' = h * tanh(h)", "h'/1", ['function', null, 'tanh', null]],
    ["h' = max(h, 0.5) + W x", "h'/0", ['function', null, 'max 0.5', null]],
    ["h' = h * (h / W x)", "h'", ['sign', "h'", '×', null]],
    ["h' = W x + h * (U h)", "h'", ['gate', "h'", '', 'W x + …']],
    ["h' = W x + U h\nout = h'", 'out', ['sign', 'out', '=', null]],
  ])('%j: %s', (text, id, shown) => {
    expect(look(text, id)).toEqual(shown);
  });

  it('the sides of a difference stay in their order, others come as their wires do', () => {
    const text = "a = W x\nb = U h\nh' = b - a\nc' = b * a";
    const order = (id: string): readonly number[] => placed(laidOut(text), id).slots.map(({ slot }) => slot);
    expect(order("h'")).toEqual([0, 1]);
    const above = placed(laidOut(text), 'a').y < placed(laidOut(text), 'b').y;
    expect(order("c'")).toEqual(above ? [1, 0] : [0, 1]);
  });
});

it('a line that is made from itself, twice given or unknown is laid out too', () => {
  for (const text of ['f = f * f', "f = W x\nf = U h\nh' = q", "h' = c'\nc' = h'", ''])
    expect(laidOut(text).nodes.length).toBeGreaterThan(0);
});

it('arrows lead to what lies that way', () => {
  const { nodes } = laidOut(lstm);
  const walk = (from: string | null, direction: 'left' | 'right' | 'up' | 'down') => neighbour(nodes, from, direction);
  expect(walk(null, 'left')).toBe('in:x');
  expect(walk('in:x', 'left')).toBeNull();
  // Every node is reached from x.
  const reached = new Set(['in:x']);
  for (const id of reached)
    for (const way of ['left', 'right', 'up', 'down'] as const) {
      const next = walk(id, way);
      if (next !== null) reached.add(next);
    }
  expect(reached.size).toBe(nodes.length);
});

it('a wire passes the points of its way, and loops where it leads back to its own node', () => {
  expect(wireWay({ x: 0, y: 0 }, [{ x: 100, y: 50 }], { x: 200, y: 0 })).toBe(
    'M 0 0 C 50 0, 50 50, 100 50 C 150 50, 150 0, 200 0',
  );
  expect(wireWay({ x: 90, y: 10 }, [], { x: 10, y: 10 })).toBe('M 90 10 C 150 -80, -50 -80, 10 10');
});
