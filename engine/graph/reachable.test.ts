import { expect, it } from 'vitest';
import { wire } from '../document/fixtures/graph-literals.ts';
import { reachable } from './reachable.ts';

it('follows wires both ways from the same node, in the same list of wires also after it has grown', () => {
  const edges = ['a.x > b.x', 'b.x > c.x', 'b.x > d.x', 'e.x > d.x'].map(wire);
  expect([...reachable(edges, 'b', 'forwards')].sort()).toEqual(['b', 'c', 'd']);
  expect([...reachable(edges, 'b', 'backwards')].sort()).toEqual(['a', 'b']);
  expect([...reachable(edges, 'd', 'backwards')].sort()).toEqual(['a', 'b', 'd', 'e']);
  edges.push(wire('f.x > e.x'));
  expect(reachable(edges, 'd', 'backwards').has('f')).toBe(true);
});
