import { describe, expect, it } from 'vitest';
import type { RunSummary } from '../../engine/protocol/runs.ts';
import { endings, windowTitle } from './run-endings.ts';

const run = (status: RunSummary['status'], more: Partial<RunSummary> = {}): RunSummary => ({
  id: 'a',
  name: 'GRU 8',
  documentName: 'words',
  status,
  created: 0,
  seconds: 1,
  epoch: 1,
  epochs: 2,
  step: 43,
  totalSteps: 100,
  backend: 'wasm',
  device: 'WASM',
  headline: { metric: 'accuracy', higherIsBetter: true, baseline: 0.5, baselineName: 'most frequent' },
  best: { step: 40, value: 0.875 },
  validation: null,
  parameters: 1,
  message: null,
  ...more,
});

describe('what is said of runs that end', () => {
  it('is that they are done, with the best figure', () => {
    expect(endings([run('running')], [run('done')])).toMatchObject([
      { tone: 'good', title: '“GRU 8” is done', text: 'Best accuracy: 87.5 %' },
    ]);
    expect(endings([run('running')], [run('done', { best: null })])[0]?.text).toBeUndefined();
  });

  it('is why they failed or were cut off', () => {
    const message = 'The disk is full.';
    expect(endings([run('running')], [run('failed', { message })])).toMatchObject([{ tone: 'bad', text: message }]);
    expect(endings([run('running')], [run('interrupted', { message })])).toMatchObject([{ tone: 'bad', text: message }]);
  });

  it('is nothing of those that a person stopped or paused, that go on, or that were over before', () => {
    for (const status of ['stopped', 'paused', 'running'] as const) expect(endings([run('running')], [run(status)])).toEqual([]);
    expect(endings([run('done')], [run('done')])).toEqual([]);
    expect(endings([], [run('done')])).toEqual([]);
  });
});

describe('the window’s title', () => {
  it('tells the document, and whether it is saved', () => {
    expect(windowTitle('words', false, null, null)).toBe('words – Unroll');
    expect(windowTitle('words', true, null, null)).toBe('• words – Unroll');
  });

  it('tells how far a run is, and how it ended', () => {
    expect(windowTitle('words', true, run('running'), null)).toBe('• 43 % · words – Unroll');
    expect(windowTitle('words', false, run('paused'), null)).toBe('words – Unroll');
    expect(windowTitle('words', false, run('running', { totalSteps: 0 }), null)).toBe('words – Unroll');
    const [done = null] = endings([run('running')], [run('done')]);
    expect(windowTitle('words', false, null, done)).toBe('✓ done · words – Unroll');
    const [failed = null] = endings([run('running')], [run('failed')]);
    expect(windowTitle('words', false, null, failed)).toBe('✗ failed · words – Unroll');
  });
});
