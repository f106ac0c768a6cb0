import { expect, it } from 'vitest';
import type { Trace, TracedStep } from '../../engine/protocol/inspect.ts';
import { gradientTargets } from './gradient-targets.ts';

const words = (...tokens: readonly string[]): TracedStep[] => tokens.map((token) => ({ token, unknown: false, padded: false }));
const steps = words('the', 'cat');
const trace = (prediction: Trace['prediction'], loss: number | null, losses: number[] | null = null) => ({
  prediction,
  loss,
  losses,
  steps,
  nodes: [],
});
const ranked = [
  { label: 'was', probability: 0.9 },
  { label: 'were', probability: 0.1 },
];

it('is of the loss first, where somebody knows what should be said, and of each class', () => {
  const answer = { kind: 'class', tokens: [], unknown: [], ranked } as const;
  const classOf = { tokens: [], unknown: [], kind: answer.kind, ranked };
  expect(gradientTargets(trace(classOf, 0.1), 1).map(({ label }) => label)).toEqual(['the loss', 'log p(was)', 'log p(were)']);
  expect(gradientTargets(trace(classOf, null), 1)[0]).toEqual({ of: { kind: 'class', class: 'was' }, label: 'log p(was)' });
});

it('is of a tag at the cursor, and of that step’s own loss', () => {
  const tag = { label: 'was', probability: 0.9, ranked };
  const tags = { kind: 'tags' as const, tokens: [], unknown: [], tags: [tag, tag] };
  expect(gradientTargets(trace(tags, 0.2, [0.1, 0.3]), 1).map(({ of }) => of)).toEqual([
    { kind: 'loss' },
    { kind: 'step', step: 1 },
    { kind: 'class', class: 'was', step: 1 },
    { kind: 'class', class: 'were', step: 1 },
  ]);
});
