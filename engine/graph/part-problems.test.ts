import { expect, it } from 'vitest';
import { compilePlan } from '../compile/compile-plan.ts';
import { namedCase } from '../export/pytorch/named-case.ts';
import { collapse } from './blocks/collapse.ts';
import { editInside } from './blocks/inside.ts';
import { put } from './blocks/test-graphs.test-support.ts';
import { addNode } from './edit.ts';

const facts = { vocabulary: 16, classes: 16, features: null, targets: null };
const { document } = namedCase('decoder · gru reset-after · dot');

it('refuses a block of encoder and decoder, naming what reads the input; each alone is taken', () => {
  expect(collapse(document, new Set(['encoder', 'decoder']), 'All')).toMatchObject({
    ok: false,
    message: expect.stringMatching(/^“All” holds what reads the input once \(“Recurrent”\)/),
    fix: 'Leave “Recurrent” outside of it.',
  });
  expect(collapse(document, new Set(['cell', 'encoder']), 'Encoder').ok).toBe(true);
  expect(collapse(document, new Set(['decoder']), 'Decoder').ok).toBe(true);
});

it('finds it at each compilation, where an edit inside has made it', () => {
  const made = collapse(document, new Set(['decoder']), 'Decoder');
  if (!made.ok) throw new Error(made.message);
  expect(compilePlan(made.document, facts).ok).toBe(true);
  const edited = editInside(made.document, 'block-1', (inside) =>
    put('before', 'layer-norm', { input: 'memory.value' })(addNode(inside, 'gru-cell', { x: 0, y: 0 }).document),
  );
  if (!edited.ok) throw new Error(edited.message);
  const compiled = compilePlan(edited.document, facts);
  expect(compiled.ok ? [] : compiled.problems.map(({ node, message }) => [node, message.slice(0, 40)])).toEqual([
    [made.id, '“Decoder” holds what reads the input onc'],
  ]);
});
