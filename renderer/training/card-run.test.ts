import { describe, expect, it } from 'vitest';
import type { RunSummary } from '../../engine/protocol/runs.ts';
import { cardFigures, cardRun, momentFigures } from './card-run.ts';
import { RunCurves } from './run-curves.ts';

const run = (id: string, more: Partial<RunSummary> = {}): RunSummary => ({
  id,
  name: id,
  documentName: 'Syllables',
  graph: 'now',
  status: 'done',
  created: 0,
  seconds: 10,
  epoch: 4,
  epochs: 10,
  step: 400,
  totalSteps: 1000,
  backend: 'wasm',
  device: 'CPU',
  headline: { metric: 'accuracy', higherIsBetter: true, baseline: 0.5, baselineName: 'majority' },
  best: { step: 300, value: 0.912 },
  validation: { accuracy: 0.9, loss: 0.25 },
  parameters: 10,
  message: null,
  ...more,
});

describe('the run whose figures a head shows', () => {
  it('is the newest of this very graph, whatever its document is called now', () => {
    const runs = [run('other', { graph: 'then' }), run('b', { documentName: 'Copy' }), run('a')];
    expect(cardRun(runs, 'now', 'other', 'Syllables')).toEqual({ run: runs[1], earlier: false });
  });

  it('is one with figures before a newer one that failed at once, and the one at work before both', () => {
    const failed = run('failed', { status: 'failed', best: null, validation: null });
    expect(cardRun([failed, run('a')], 'now', null, 'Syllables')?.run.id).toBe('a');
    expect(cardRun([failed], 'now', null, 'Syllables')?.run.id).toBe('failed');
    const live = run('live', { status: 'running', best: null, validation: null });
    expect(cardRun([live, run('a')], 'now', null, 'Syllables')?.run.id).toBe('live');
  });

  it('is the shown one, marked, once the graph is another; none where that is of another document', () => {
    const runs = [run('a', { graph: 'then' }), run('foreign', { graph: 'else', documentName: 'Dates' })];
    expect(cardRun(runs, 'now', 'a', 'Syllables')).toEqual({ run: runs[0], earlier: true });
    expect(cardRun(runs, 'now', 'foreign', 'Syllables')).toBeNull();
    expect(cardRun(runs, 'now', null, 'Syllables')).toBeNull();
  });
});

describe('its figures', () => {
  it('are those of the last evaluation, and the best with its epoch', () => {
    expect(cardFigures(run('a'), 0.1)).toEqual([
      { title: 'accuracy', value: '90.0 %' },
      { title: 'validation loss', value: '0.2500' },
      { title: 'best · epoch 3', value: '91.2 %' },
    ]);
  });

  it('follow the steps while it trains, and say so', () => {
    expect(cardFigures(run('a', { status: 'running' }), 0.1)[1]).toEqual({ title: 'training loss', value: '0.1000' });
    const begun = run('a', { status: 'running', best: null, validation: null });
    expect(cardFigures(begun, null).map(({ value }) => value)).toEqual(['–', '–', '–']);
  });

  it('of the past are those of the validation at that step, and nothing is said of another', () => {
    const curves = new RunCurves();
    for (const [step, accuracy] of [
      [100, 0.5],
      [200, 0.7],
    ] as const)
      curves.append([{ split: 'validation', step, epoch: step / 100, seconds: step, values: { accuracy, loss: 1 - accuracy } }]);
    expect(momentFigures(run('a'), curves, 100)).toEqual([
      { title: 'accuracy', value: '50.0 %' },
      { title: 'validation loss', value: '0.5000' },
      { title: 'at step 100', value: '' },
    ]);
    expect(momentFigures(run('a'), curves, 150).map(({ value }) => value)).toEqual(['–', '–', '']);
    expect(momentFigures(run('a'), undefined, 0).map(({ value }) => value)).toEqual(['–', '–', '']);
  });

  it('name the training split where that is what judges', () => {
    const judged = run('a', { judgedOn: 'train', validation: null, training: { accuracy: 1, loss: 0.5 } });
    expect(cardFigures(judged, null).slice(0, 2)).toEqual([
      { title: 'accuracy', value: '100.0 %' },
      { title: 'training split loss', value: '0.5000' },
    ]);
  });
});
