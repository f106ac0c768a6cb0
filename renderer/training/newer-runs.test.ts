import { expect, it } from 'vitest';
import type { RunSummary } from '../../engine/protocol/runs.ts';
import { newerRuns } from './newer-runs.ts';

const run = (id: string, status: RunSummary['status']): RunSummary => ({
  id,
  name: id,
  documentName: id,
  status,
  created: 0,
  seconds: 1,
  epoch: 1,
  epochs: 1,
  step: 1,
  totalSteps: 1,
  backend: 'wasm',
  device: 'WebAssembly',
  headline: { metric: 'accuracy', higherIsBetter: true, baseline: 0, baselineName: '' },
  best: null,
  validation: null,
  parameters: 1,
  message: null,
});

it('keeps what an event has told since the engine was asked', () => {
  const [asked, ended] = [run('a', 'running'), run('a', 'done')];
  expect(newerRuns([run('a', 'running')], [asked], [ended])).toEqual([ended]);
});

it('brings no run back that was deleted since the engine was asked', () => {
  const [a, b] = [run('a', 'done'), run('b', 'done')];
  expect(newerRuns([a, b], [a, b], [b])).toEqual([b]);
});

it('takes the answer where nothing was told meanwhile, of new runs too', () => {
  const asked = run('a', 'running');
  expect(newerRuns([run('a', 'interrupted'), run('b', 'done')], [asked], [asked])).toEqual([
    run('a', 'interrupted'),
    run('b', 'done'),
  ]);
});
