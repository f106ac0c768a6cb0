import { describe, expect, it } from 'vitest';
import { trainingSettings } from '../document/training-settings.ts';
import { trainingState } from '../protocol/training-state.ts';
import { Random } from '../random.ts';
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

it('a lower loss does not make up for a worse figure', () => {
  const ledger = new Ledger(settings, factsOf('accuracy', true), null);
  expect(ledger.validated({ loss: 1, accuracy: 0.5 })).toBe(true);
  expect(ledger.validated({ loss: 0.1, accuracy: 0.4 })).toBe(false);
  expect(ledger.validated({ loss: 9, accuracy: 0.6 })).toBe(true);
  expect(ledger.state.best).toMatchObject({ value: 0.6, loss: 9 });
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

describe('the books of a run', () => {
  const facts = { ...factsOf('accuracy', true), stepsPerEpoch: 4, totalSteps: 9 };
  const own = trainingSettings.parse({
    seed: 3,
    scheduledSampling: 0.5,
    checkpointEverySteps: 3,
    learningRate: 0.1,
    warmupSteps: 2,
  });

  it('begin at the first step of the first epoch, with a dropout that the seed decides', () => {
    const { state } = new Ledger(own, facts, null);
    expect(state).toEqual({
      step: 0,
      epoch: 0,
      batch: 0,
      seconds: 0,
      dropout: [...new Random(3, 'dropout').state],
      schedule: { scale: 1, best: null, stale: 0 },
      patience: { best: null, stale: 0 },
      best: null,
      validation: null,
      validatedStep: -1,
      window: { lossSum: 0, steps: 0, correct: 0, targets: 0 },
    });
    expect(trainingState.parse(state)).toEqual(state);
  });

  it('count steps, epochs and their parts, and rates and own tokens by them', () => {
    const ledger = new Ledger(own, facts, null);
    const rates: number[] = [];
    const shares: number[] = [];
    for (let step = 0; step < 9; step++) {
      rates.push(ledger.learningRate);
      shares.push(ledger.ownTokens);
      expect(ledger.epochs).toBe(step / 4);
      ledger.stepped([step, 1, 2, 3]);
      expect(ledger.state).toMatchObject({ step: step + 1, dropout: [step, 1, 2, 3], batch: (step % 4) + 1 });
      if (step % 4 === 3) ledger.endEpoch({ loss: 1 });
    }
    expect(ledger.state).toMatchObject({ epoch: 2, batch: 1 });
    expect(rates).toEqual([0.05, ...new Array(8).fill(0.1)]);
    // From none at the first step to all of it at the last.
    shares.forEach((share, step) => {
      expect(share).toBeCloseTo((0.5 * step) / 8, 12);
    });
    expect(new Ledger(own, { ...facts, totalSteps: 1 }, { ...ledger.state, step: 0 }).ownTokens).toBe(0);
  });

  it('have a schedule that goes by epochs', () => {
    const halved = { ...own, warmupSteps: 0, schedule: { kind: 'step' as const, every: 1, factor: 0.5 } };
    const ledger = new Ledger(halved, facts, null);
    const rates = [0, 1, 2].map(() => {
      const rate = ledger.learningRate;
      ledger.endEpoch({ loss: 1 });
      return rate;
    });
    expect(rates).toEqual([0.1, 0.05, 0.025]);
  });

  it('ask for a checkpoint every few steps inside an epoch, once', () => {
    const ledger = new Ledger(own, facts, null);
    const due: number[] = [];
    for (let step = 0; step < 9; step++) {
      if (ledger.checkpointDue) {
        due.push(ledger.state.step);
        ledger.validated({ loss: 1, accuracy: 0.5 });
        expect(ledger.checkpointDue).toBe(false);
      }
      ledger.stepped([]);
      if (ledger.state.batch === 4) ledger.endEpoch({ loss: 1 });
    }
    // Step 9 is after the last one; step 3 and 6 are inside epochs of 4.
    expect(due).toEqual([3, 6]);
    const every = new Ledger({ ...own, checkpointEverySteps: 4 }, facts, {
      ...ledger.state,
      step: 8,
      batch: 0,
      validatedStep: 4,
    });
    expect(every.checkpointDue).toBe(false);
    const never = new Ledger({ ...own, checkpointEverySteps: null }, facts, { ...ledger.state, step: 3, batch: 3 });
    expect(never.checkpointDue).toBe(false);
  });

  it('gather a line of the steps since the last one', () => {
    const ledger = new Ledger(own, facts, null);
    expect(ledger.takeWindow()).toBeNull();
    ledger.counted(2, 3, 10);
    ledger.counted(1, 2, 10);
    expect(ledger.state.window).toEqual({ lossSum: 3, steps: 2, correct: 5, targets: 20 });
    expect(ledger.takeWindow()).toEqual({ loss: 1.5, accuracy: 0.25 });
    expect(ledger.takeWindow()).toBeNull();
    ledger.counted(4, 0, 0);
    expect(ledger.takeWindow()).toEqual({ loss: 4 });
  });

  it('remember the latest validation and the time trained', () => {
    const ledger = new Ledger(own, facts, null);
    ledger.stepped([]);
    ledger.validated({ loss: 1, accuracy: 0.5 });
    ledger.validated({ loss: 2, accuracy: 0.25 });
    ledger.timed(7.5);
    expect(ledger.state).toMatchObject({
      validation: { loss: 2, accuracy: 0.25 },
      validatedStep: 1,
      best: { step: 1, value: 0.5, loss: 1 },
      seconds: 7.5,
    });
  });
});
