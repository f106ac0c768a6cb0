import { expect, it } from 'vitest';
import { cellLibrary } from '../../engine/cells/library.ts';
import { compilePlan } from '../../engine/compile/compile-plan.ts';
import { modelName } from '../../engine/runs/run-name.ts';
import { findTemplate } from '../registry.ts';
import { trainBriefly } from '../train-briefly.ts';

const facts = { vocabulary: 100, classes: 2, features: null, targets: null };
const document = findTemplate('cells').document();
const cells = document.nodes.filter((node) => node.kind === 'custom-cell');
/** The template with the dotted wire moved to another cell. */
const wired = (cell: string) => ({
  ...document,
  edges: document.edges.map((edge) => (edge.to.port === 'cell' ? { ...edge, from: { node: cell, port: 'cell' } } : edge)),
});

it('has four cells as the library has them, and names the runs of each apart', () => {
  expect(cells).toHaveLength(4);
  for (const { label, params } of cells) {
    expect(cellLibrary.find(({ title }) => title === label)?.equations).toBe(params['equations']);
  }
  const names = cells.map(({ id }) => modelName(wired(id)));
  expect(names).toEqual(cells.map(({ label }) => expect.stringContaining(`${label} 24`)));
});

it.each(cells.map(({ id }) => id))('compiles with %s', (id) => {
  const compiled = compilePlan(wired(id), facts);
  expect(compiled.ok || compiled.problems).toBe(true);
});

it('finds the subject after a short training', { timeout: 600_000 }, async () => {
  const { best, goal } = await trainBriefly(
    'cells',
    () => ({
      ...wired('mgu'),
      data: document.data && { ...document.data, limit: 3000 },
      training: { ...document.training, epochs: 5, learningRate: 0.006 },
    }),
    (baseline) => baseline + 0.3,
  );
  expect(best).toBeGreaterThan(goal);
});
