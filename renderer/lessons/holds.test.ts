import { describe, expect, it } from 'vitest';
import type { LessonCondition } from '../../engine/document/lesson.ts';
import { lessons } from '../../templates/lessons/registry.ts';
import { findTemplate } from '../../templates/registry.ts';
import { views } from '../insight/views.tsx';
import { holds, type LessonRun, type Situation } from './holds.ts';

const agreement = findTemplate('agreement').document();
const nothing: Situation = { document: agreement, shows: 'design', unfolded: false, view: null, runs: [] };
const run = (change: Partial<LessonRun['summary']>, document: LessonRun['document'] = agreement): LessonRun => ({
  document,
  summary: {
    status: 'done',
    best: { step: 10, value: 0.9 },
    headline: { metric: 'accuracy', higherIsBetter: true, baseline: 0.5, baselineName: 'always' },
    validation: { accuracy: 0.8, loss: 0.3 },
    ...change,
  },
});
const so = (condition: LessonCondition, change: Partial<Situation> = {}): boolean => holds(condition, { ...nothing, ...change });

describe('node', () => {
  it('counts what is wired, not what lies beside the graph', () => {
    expect(agreement.nodes.map(({ kind }) => kind)).toContain('gru-cell');
    expect(so({ kind: 'node', layer: 'lstm-cell', with: {} })).toBe(true);
    expect(so({ kind: 'node', layer: 'gru-cell', with: {} })).toBe(false);
  });

  it('knows settings, also those that a node does not state', () => {
    expect(so({ kind: 'node', layer: 'recurrent', with: { direction: 'forward', layers: 1 } })).toBe(true);
    expect(so({ kind: 'node', layer: 'recurrent', with: { layers: 2 } })).toBe(false);
    expect(so({ kind: 'node', layer: 'recurrent', with: { 'no-such': 2 } })).toBe(false);
  });

  it('is found inside of a block', () => {
    const { nodes, edges } = agreement;
    const inside = {
      ...agreement,
      nodes: [],
      edges: [],
      blocks: [{ id: 'b', name: 'B', nodes, edges, comments: [], frames: [] }],
    };
    expect(so({ kind: 'node', layer: 'lstm-cell', with: {} }, { document: inside })).toBe(true);
  });
});

it('wire goes by kinds and its direction', () => {
  expect(so({ kind: 'wire', from: 'token-input', to: 'embedding' })).toBe(true);
  expect(so({ kind: 'wire', from: 'embedding', to: 'token-input' })).toBe(false);
});

it('shows and view are what the window shows', () => {
  expect(so({ kind: 'shows', what: 'cell' }, { shows: 'cell' })).toBe(true);
  expect(so({ kind: 'shows', what: 'cell' })).toBe(false);
  expect(so({ kind: 'shows', what: 'unfolded' }, { unfolded: true })).toBe(true);
  expect(so({ kind: 'shows', what: 'unfolded' })).toBe(false);
  expect(so({ kind: 'view', view: 'gradient' }, { view: 'gradient' })).toBe(true);
  expect(so({ kind: 'view', view: 'gradient' })).toBe(false);
});

describe('run', () => {
  const any: LessonCondition = { kind: 'run', with: {} };

  it.each(['running', 'paused', 'failed', 'interrupted'] as const)('is none while it is %s', (status) => {
    expect(so(any, { runs: [run({ status })] })).toBe(false);
  });

  it('that came to its end counts, and one that was stopped', () => {
    expect(so(any)).toBe(false);
    expect(so(any, { runs: [run({})] })).toBe(true);
    expect(so(any, { runs: [run({ status: 'stopped' })] })).toBe(true);
  });

  it('is of a graph with the node; not before its document is known', () => {
    const lstm: LessonCondition = { kind: 'run', layer: 'lstm-cell', with: { hidden: 24 } };
    expect(so(lstm, { runs: [run({})] })).toBe(true);
    expect(so(lstm, { runs: [{ ...run({}), document: undefined }] })).toBe(false);
    expect(so({ ...lstm, with: { hidden: 25 } }, { runs: [run({})] })).toBe(false);
    expect(so({ kind: 'run', layer: 'gru-cell', with: {} }, { runs: [run({})] })).toBe(false);
  });

  it('is measured by its best where that is its metric, otherwise by its last', () => {
    const reached = (metric: string, limits: { atLeast?: number; atMost?: number }): boolean =>
      so({ kind: 'run', with: {}, metric, ...limits }, { runs: [run({})] });
    expect(reached('accuracy', { atLeast: 0.9 })).toBe(true);
    expect(reached('accuracy', { atLeast: 0.91 })).toBe(false);
    expect(reached('accuracy', { atMost: 0.89 })).toBe(false);
    expect(reached('loss', { atMost: 0.3 })).toBe(true);
    expect(reached('loss', { atMost: 0.2 })).toBe(false);
    expect(reached('auroc', {})).toBe(false);
  });

  it('of a split without validation is measured by its training split', () => {
    const own = run({ validation: null, training: { accuracy: 0.7 }, best: null });
    expect(so({ kind: 'run', with: {}, metric: 'accuracy', atLeast: 0.7 }, { runs: [own] })).toBe(true);
    expect(
      so({ kind: 'run', with: {}, metric: 'accuracy' }, { runs: [run({ best: null, validation: { accuracy: Number.NaN } })] }),
    ).toBe(false);
  });
});

it('all is every one of them', () => {
  const wired: LessonCondition = {
    kind: 'all',
    of: [
      { kind: 'wire', from: 'token-input', to: 'embedding' },
      { kind: 'shows', what: 'cell' },
    ],
  };
  expect(so(wired)).toBe(false);
  expect(so(wired, { shows: 'cell' })).toBe(true);
});

it('a lesson waits for no view that the microscope does not have', () => {
  const conditions = lessons.flatMap(({ steps, question }) => [
    ...steps.flatMap(({ until }) => until ?? []),
    question.experiment,
  ]);
  const named = conditions
    .flatMap((one) => (one.kind === 'all' ? one.of : [one]))
    .flatMap((one) => (one.kind === 'view' ? one.view : []));
  expect(named.length).toBeGreaterThan(0);
  expect(views.map(({ id }) => id as string)).toEqual(expect.arrayContaining([...new Set(named)]));
});
