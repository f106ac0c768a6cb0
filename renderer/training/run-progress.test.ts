import { expect, it } from 'vitest';
import type { RunSummary } from '../../engine/protocol/runs.ts';
import { progressLine } from './run-progress.tsx';

const run: RunSummary = {
  id: 'a',
  name: 'a',
  documentName: 'a',
  status: 'running',
  created: 0,
  seconds: 75,
  epoch: 3.2,
  epochs: 6,
  step: 1812,
  totalSteps: 3000,
  backend: 'wasm',
  device: 'WASM',
  headline: { metric: 'accuracy', higherIsBetter: true, baseline: 0.5, baselineName: 'majority class' },
  best: null,
  validation: null,
  parameters: 1,
  message: null,
};

it('tells place, pace and time left of a running run', () => {
  expect(progressLine(run, { tokensPerSecond: 61_200, secondsLeft: 48 })).toBe(
    'epoch 4 of 6 · step 1,812 · 61k tokens/s · 0:48 left',
  );
});

it('leaves out what is not measured yet', () => {
  expect(progressLine({ ...run, epoch: 0 }, undefined)).toBe('epoch 1 of 6 · step 1,812');
});

it('tells status and duration of a run that does not train', () => {
  expect(progressLine({ ...run, status: 'done', epoch: 6, step: 3000 }, { tokensPerSecond: 1, secondsLeft: 0 })).toBe(
    'done · epoch 6 of 6 · step 3,000 · 1:15',
  );
  expect(progressLine({ ...run, status: 'done', epoch: 3, step: 1500 }, undefined)).toBe(
    'done, stopped early · epoch 3 of 6 · step 1,500 · 1:15',
  );
  expect(progressLine({ ...run, status: 'stopped', epoch: 3, step: 1500 }, undefined)).toBe(
    'stopped · epoch 4 of 6 · step 1,500 · 1:15',
  );
});
