import { expect, it } from 'vitest';
import type { UnrollDocument } from '../document/schema.ts';
import { collapse } from '../graph/blocks/collapse.ts';
import { expandBlocks } from '../graph/blocks/expand.ts';
import { put, tagger } from '../graph/blocks/test-graphs.test-support.ts';
import { connect } from '../graph/edit.ts';
import { inferShapes, noFacts } from '../graph/infer-shapes.ts';
import { remedyInDocument } from './inside-remedy.ts';
import { lint } from './lint.ts';

const facts = { ...noFacts, vocabulary: 9, classes: 3 };

function squashed(): UnrollDocument {
  const open = { ...tagger(), edges: tagger().edges.filter(({ to }) => to.node !== 'head') };
  const nodes = open.nodes.filter(({ id }) => id !== 'head');
  const dense = put('squash', 'dense', { input: 'join.output' }, { units: 7, activation: 'sigmoid' })({ ...open, nodes });
  return put('head', 'dense-softmax', { input: 'squash.output' })(dense);
}

const findings = (document: UnrollDocument) =>
  lint([], { document, facts, inferred: inferShapes(document, facts) }).filter(({ message }) => message.includes('squeezes'));

it('a warning inside of a block says where, and its remedy changes the block', () => {
  const outside = findings(squashed());
  const made = collapse(squashed(), new Set(['join', 'squash']), 'Top');
  if (!made.ok) throw new Error(made.message);
  const [found, ...others] = findings(made.document);
  expect(others).toEqual([]);
  expect(found?.message).toBe(outside[0]?.message);
  expect(found).toMatchObject({
    node: made.id,
    inside: { path: [made.id], node: 'squash', edge: null },
    remedy: { label: 'Use relu' },
  });
  const mended = found?.remedy?.apply(made.document) ?? made.document;
  expect(mended.blocks[0]?.nodes.find(({ id }) => id === 'squash')?.params).toMatchObject({ activation: 'relu', units: 7 });
  expect(mended.blocks[0]?.edges).toEqual(made.document.blocks[0]?.edges);
  expect(findings(mended)).toEqual([]);
});

it('a remedy that takes a layer out of a block keeps its wires whole', () => {
  const scores = {
    ...squashed(),
    nodes: squashed().nodes.map((n) => (n.id === 'squash' ? { ...n, params: { units: 3, activation: 'tanh' } } : n)),
  };
  const made = collapse(scores, new Set(['join', 'squash']), 'Top');
  if (!made.ok) throw new Error(made.message);
  const [found] = findings(made.document);
  expect(found?.remedy?.label).toBe('Take it out');
  const mended = found?.remedy?.apply(made.document) ?? made.document;
  expect(mended.blocks[0]?.nodes.map(({ id }) => id)).not.toContain('squash');
  expect(inferShapes(mended, facts).problems).toEqual([]);
});

it('a remedy that would wire something across the border is none', () => {
  const made = collapse(squashed(), new Set(['join', 'squash']), 'Top');
  if (!made.ok) throw new Error(made.message);
  const [placed] = expandBlocks(made.document).placed;
  const wiring = (from: string, to: string) => ({
    label: 'Wire it',
    apply: (d: UnrollDocument) => connect(d, { node: from, port: 'output' }, { node: to, port: 'input' }),
  });
  const within = `${made.id}/squash`;
  expect(remedyInDocument(wiring('first', within), made.document, placed)).toBeNull();
  expect(remedyInDocument(wiring(within, 'head'), made.document, undefined)).toBeNull();
  expect(remedyInDocument(wiring(`${made.id}/join`, within), made.document, placed)).not.toBeNull();
  expect(remedyInDocument(wiring('join', 'squash'), squashed(), undefined)).not.toBeNull();
});
