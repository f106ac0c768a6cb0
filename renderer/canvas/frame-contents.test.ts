import { expect, it } from 'vitest';
import { node } from '../../engine/document/fixtures/graph-literals.ts';
import { emptyDocument, type UnrollDocument } from '../../engine/document/schema.ts';
import { carriedAlong, encloses, withContents } from './frame-contents.ts';

const frame = (id: string, x: number, y: number, width: number, height: number): UnrollDocument['frames'][number] => ({
  id,
  title: id,
  colour: 'blue',
  position: { x, y },
  size: { width, height },
});
const at = (id: string, x: number, y: number) => ({ ...node(id, 'dense'), position: { x, y } });
const document: UnrollDocument = {
  ...emptyDocument(),
  nodes: [at('inside', 50, 50), at('across', 250, 50), at('outside', 400, 50)],
  comments: [{ id: 'note', text: '', position: { x: 10, y: 200 }, size: { width: 100, height: 40 } }],
  frames: [frame('large', 0, 0, 300, 300), frame('small', 20, 20, 200, 100), frame('far', 600, 0, 200, 200)],
};
const sizeOf = () => ({ width: 80, height: 60 });

it('moves with a frame what lies in it, each from its own place, and nothing twice', () => {
  const moved = carriedAlong(new Map([['large', { x: 10, y: -20 }]]), document, sizeOf);
  expect(Object.fromEntries(moved)).toEqual({
    large: { x: 10, y: -20 },
    small: { x: 30, y: 0 },
    inside: { x: 60, y: 30 },
    across: { x: 260, y: 30 },
    note: { x: 20, y: 180 },
  });
  // A selected node is dragged with its frame: React Flow has moved it already.
  const both = new Map([
    ['small', { x: 120, y: 20 }],
    ['inside', { x: 150, y: 50 }],
  ]);
  expect(carriedAlong(both, document, sizeOf)).toEqual(both);
  const alone = new Map([['inside', { x: 5, y: 5 }]]);
  expect(carriedAlong(alone, document, sizeOf)).toBe(alone);
});

it('takes along in a copy what lies in a frame', () => {
  expect([...withContents(new Set(['small', 'outside']), document, sizeOf)].sort()).toEqual(['inside', 'outside', 'small']);
  const nodes = new Set(['inside']);
  expect(withContents(nodes, document, sizeOf)).toBe(nodes);
});

it('tells whether an area holds all of a frame', () => {
  const area = { x: 0, y: 0, width: 100, height: 100 };
  expect(encloses(area, { x: 0, y: 0, width: 100, height: 100 })).toBe(true);
  for (const [x, y, width, height] of [
    [-1, 0, 50, 50],
    [0, -1, 50, 50],
    [60, 0, 50, 50],
    [0, 60, 50, 50],
  ] as const)
    expect(encloses(area, { x, y, width, height })).toBe(false);
});
