import { describe, expect, it } from 'vitest';
import { moveTo, remove, setLabel, setParams } from '../../engine/graph/edit.ts';
import { findTemplate } from '../../templates/registry.ts';
import { movedOnly } from './unmoved-document.ts';

const document = findTemplate('syllables').document();
const [node] = document.nodes;
const [comment] = document.comments;
if (!node || !comment) throw new Error('the template has a node and a comment');

describe('movedOnly', () => {
  it('is so of the same document, and of one whose nodes and comments lie elsewhere', () => {
    const to = new Map([node, comment].map(({ id }) => [id, { x: 1234, y: -99 }]));
    const moved = moveTo(document, to);
    expect(moved).not.toBe(document);
    expect(moved.nodes[0]).not.toEqual(node);
    expect(movedOnly(document, document)).toBe(true);
    expect(movedOnly(document, moved)).toBe(true);
  });

  it.each([
    ['a name of a node', setLabel(document, node.id, 'letters')],
    ['a setting of a node', setParams(document, node.id, { other: 1 })],
    ['what a comment says', { ...document, comments: [{ ...comment, text: 'other words' }] }],
    ['a setting of the training', { ...document, training: { ...document.training, epochs: 99 } }],
    ['the name of the document', { ...document, name: 'other' }],
    ['a node less', remove(document, new Set([node.id]))],
    ['a wire less', { ...document, edges: document.edges.slice(1) }],
    ['another node in its place', { ...document, nodes: document.nodes.map((n) => (n === node ? { ...n, id: 'other' } : n)) }],
  ])('is not so where something else differs: %s', (_what, other) => {
    expect(movedOnly(document, other)).toBe(false);
    expect(movedOnly(other, document)).toBe(false);
  });
});
