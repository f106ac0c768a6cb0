import { expect, it } from 'vitest';
import { definitionOf } from '../../document/placed-blocks.ts';
import { collapse } from './collapse.ts';
import { detachBlock } from './detach.ts';
import { placeBlock } from './edit-blocks.ts';
import { tagger } from './test-graphs.test-support.ts';

it('a detached block has a definition of its own, the others keep theirs', () => {
  const made = collapse(tagger(), new Set(['cell', 'first']), 'Encoder');
  const twice = made.ok ? placeBlock(made.document, made.definition, { x: 0, y: 400 }) : made;
  if (!made.ok || !twice.ok) throw new Error('the block could not be placed twice');
  const before = twice.document;
  const [second = ''] = twice.ids;
  const after = detachBlock(before, second);
  const of = (id: string) => definitionOf(after, after.nodes.find((node) => node.id === id) ?? { kind: '', params: {} });
  expect(of(made.id)).toBe(before.blocks[0]);
  expect(of(second)).toMatchObject({ name: 'Encoder 2', nodes: before.blocks[0]?.nodes, edges: before.blocks[0]?.edges });
  expect(of(second)?.id).not.toBe(of(made.id)?.id);
  expect(after.edges).toBe(before.edges);
  expect(detachBlock(before, 'embed')).toBe(before);
});
