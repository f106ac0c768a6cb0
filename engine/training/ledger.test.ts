import { expect, it } from 'vitest';
import { trainingSettings } from '../document/training-settings.ts';
import { Ledger } from './ledger.ts';
import type { SessionFacts } from './session-facts.ts';

const factsOf = (metric: string, higherIsBetter: boolean): SessionFacts => ({
  stepsPerEpoch: 1,
  totalSteps: 10,
  validationSplit: 'validation',
  headline: { metric, higherIsBetter, baseline: 0, baselineName: '' },
});
const settings = trainingSettings.parse({ earlyStoppingPatience: 2, schedule: { kind: 'plateau', patience: 1, factor: 0.5 } });

it('weights whose validation is not a number are never the best, whatever their accuracy', () => {
  const ledger = new Ledger(settings, factsOf('accuracy', true), null);
  expect(ledger.validated({ loss: Number.NaN, accuracy: 0.9 })).toBe(false);
  expect(ledger.state.best).toBeNull();
  expect(ledger.validated({ loss: 1, accuracy: 0.5 })).toBe(true);
  expect(ledger.validated({ loss: Number.NaN, accuracy: 0.9 })).toBe(false);
  expect(ledger.validated({ loss: 0.5, accuracy: 0.5 })).toBe(true);
  expect(ledger.validated({ loss: 0.5, accuracy: 0.5 })).toBe(false);
  expect(ledger.state.best?.loss).toBe(0.5);
});

it('an infinite perplexity is the best until a finite one comes; equal ones are told apart by the loss', () => {
  const ledger = new Ledger(settings, factsOf('perplexity', false), null);
  const perplexity = Number.POSITIVE_INFINITY;
  expect(ledger.validated({ loss: 800, perplexity })).toBe(true);
  expect(ledger.validated({ loss: 790, perplexity })).toBe(true);
  expect(ledger.validated({ loss: 795, perplexity })).toBe(false);
  expect(ledger.validated({ loss: Number.NaN, perplexity: Number.NaN })).toBe(false);
  expect(ledger.validated({ loss: 2, perplexity: Math.exp(2) })).toBe(true);
});

it('a best of older runs that is not a number is beaten by any number', () => {
  const facts = factsOf('rmse', false);
  const { state } = new Ledger(settings, facts, null);
  const best = { step: 1, value: Number.NaN, loss: Number.NaN };
  expect(new Ledger(settings, facts, { ...state, best }).validated({ loss: 5, rmse: 3 })).toBe(true);
});

it('a loss that is not a number is no improvement: patience runs out, and the rate falls', () => {
  const ledger = new Ledger(settings, factsOf('rmse', false), null);
  const rate = ledger.learningRate;
  expect(ledger.endEpoch({ loss: Number.NaN })).toBe(false);
  expect(ledger.endEpoch({ loss: Number.NaN })).toBe(true);
  expect(ledger.learningRate).toBe(rate / 2);
  expect(ledger.endEpoch({ loss: 3 })).toBe(false);
  expect(ledger.state.patience).toEqual({ best: 3, stale: 0 });
  expect(ledger.state.schedule.best).toBe(3);
});

it.each([
  ['accuracy', true, [0.5, 0.75, 0.75, 0.25]],
  ['rmse', false, [3, 1, 1, 2]],
] as const)('of equally good epochs the first is kept, judged by %s', (metric, higher, figures) => {
  let ledger = new Ledger(settings, factsOf(metric, higher), null);
  const kept = figures.map((value, step) => {
    // Opened anew on its state, as after a pause.
    ledger = new Ledger(settings, factsOf(metric, higher), { ...ledger.state, step });
    return ledger.validated({ loss: 1, [metric]: value });
  });
  expect(kept).toEqual([true, true, false, false]);
  expect(ledger.state.best).toEqual({ step: 1, value: figures[1], loss: 1 });
  expect(ledger.state.validatedStep).toBe(3);
});

/** Epochs that are trained with these losses. */
function epochsOf(losses: readonly number[], patience: number | null): number {
  const ledger = new Ledger({ ...settings, earlyStoppingPatience: patience }, factsOf('rmse', false), null);
  const end = losses.findIndex((loss) => ledger.endEpoch({ loss }));
  expect(ledger.state.epoch).toBe(end < 0 ? losses.length : end + 1);
  return ledger.state.epoch;
}

// Keras' EarlyStopping with its min_delta of 0: `current < best`.
it('an equal loss is no improvement, nor is coming back to the best one: training stops when patience is out', () => {
  expect(epochsOf([2, 2, 2, 2], 2)).toBe(3);
  expect(epochsOf([2, 1, 2, 1, 0.5, 1, 1], 2)).toBe(4);
  expect(epochsOf([2, 1, 2, 0.999, 2, 0.998, 3, 3, 3], 2)).toBe(8);
  expect(epochsOf([1, 1, 1], 1)).toBe(2);
  expect(epochsOf([1, 1, 1], null)).toBe(3);
});
