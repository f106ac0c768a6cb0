import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { trainingSettings } from '../document/training-settings.ts';
import type { Evaluation } from '../protocol/runs.ts';
import { Ledger } from './ledger.ts';
import { MemorySink } from './memory-sink.test-support.ts';
import { Pace } from './pace.ts';
import { Reporter } from './reporter.ts';
import type { SessionFacts } from './session-facts.ts';

let now = 0;
beforeEach(() => {
  now = 5000;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
});
afterEach(() => void vi.restoreAllMocks());

const settings = trainingSettings.parse({ learningRate: 0.1 });

function open(totalSteps = 40, stepsPerEpoch = 4) {
  const facts: SessionFacts = {
    stepsPerEpoch,
    totalSteps,
    validationSplit: 'validation',
    headline: { metric: 'accuracy', higherIsBetter: true, baseline: 0, baselineName: '' },
  };
  const ledger = new Ledger(settings, facts, null);
  const pace = new Pace();
  const sink = new MemorySink();
  pace.start(10);
  return { ledger, pace, sink, reporter: new Reporter(sink, ledger, pace, facts) };
}

/** After how many steps of an epoch lines are due. */
const linesOf = (totalSteps: number): number[] => {
  const { ledger, reporter } = open(totalSteps, totalSteps);
  const due: number[] = [];
  for (let step = 1; step <= Math.min(totalSteps, 60); step++) {
    ledger.stepped([]);
    if (reporter.lineDue) due.push(step);
  }
  return due;
};

it('a short run has a line a step; a long one about 2000 lines, each of whole rounds of 8 batches, of 3 rounds at most', () => {
  expect(linesOf(299)).toHaveLength(60);
  expect(linesOf(300)).toEqual([8, 16, 24, 32, 40, 48, 56]);
  expect(linesOf(16_000)).toEqual([8, 16, 24, 32, 40, 48, 56]);
  expect(linesOf(32_000)).toEqual([16, 32, 48]);
  expect(linesOf(1_000_000)).toEqual([24, 48]);
});

describe('a line', () => {
  it('of training has what was told, the next rate and the speed', async () => {
    const { ledger, pace, sink, reporter } = open();
    await reporter.trained({ loss: 3 }, 2);
    now += 1000;
    pace.step(50);
    for (let step = 0; step < 3; step++) ledger.stepped([]);
    await reporter.trained({ loss: 1 }, 0.5);
    await reporter.trained({ loss: 1 }, null, { step: 2 });
    expect(sink.events).toEqual([
      { step: 0, epoch: 0, seconds: 10, split: 'train', values: { loss: 3 }, learningRate: 0.1, gradientNorm: 2 },
      {
        step: 3,
        epoch: 0.75,
        seconds: 11,
        split: 'train',
        values: { loss: 1 },
        learningRate: 0.1,
        gradientNorm: 0.5,
        tokensPerSecond: 50,
      },
      // Of an earlier step, without a gradient that is followed.
      { step: 2, epoch: 0.5, seconds: 11, split: 'train', values: { loss: 1 }, tokensPerSecond: 50 },
    ]);
  });

  it('of a validation goes with its evaluation', async () => {
    const { ledger, sink, reporter } = open();
    ledger.stepped([]);
    const evaluation = { split: 'validation', values: { accuracy: 0.5 } } as unknown as Evaluation;
    await reporter.validated(evaluation);
    expect(sink.events).toEqual([{ step: 1, epoch: 0.25, seconds: 10, split: 'validation', values: { accuracy: 0.5 } }]);
    expect(sink.evaluations).toEqual([evaluation]);
  });
});

describe('progress', () => {
  it('is told ten times a second at most, unless it must be', () => {
    const { sink, reporter } = open();
    const tell = (force: boolean): number => {
      reporter.progress(force, () => 0);
      return sink.reports.length;
    };
    expect(tell(false)).toBe(1);
    now += 99;
    expect(tell(false)).toBe(1);
    now += 1;
    expect(tell(false)).toBe(2);
    expect(tell(true)).toBe(3);
    now += 99;
    expect(tell(false)).toBe(3);
    now += 1;
    expect(tell(false)).toBe(4);
  });

  it('says where the run is and how long it takes, the validations at the ends of its epochs included', async () => {
    const { ledger, pace, sink, reporter } = open();
    now += 2000;
    pace.step(50);
    await pace.validation(async () => {
      now += 500;
    });
    ledger.validated({ loss: 1, accuracy: 0.75 });
    for (let step = 0; step < 6; step++) ledger.stepped([]);
    reporter.progress(true, () => 1234);
    expect(sink.reports).toEqual([
      {
        epoch: 1.5,
        step: 6,
        totalSteps: 40,
        seconds: 12.5,
        best: { step: 0, value: 0.75 },
        validation: { loss: 1, accuracy: 0.75 },
        tokensPerSecond: 25,
        // 34 steps of 2 s; the rest of the second epoch and eight more end with a validation of 0.5 s.
        secondsLeft: 34 * 2 + 9 * 0.5,
        memoryBytes: 1234,
      },
    ]);
  });

  it('has no best before the first validation', () => {
    const { sink, reporter } = open();
    reporter.progress(true, () => 0);
    expect(sink.reports[0]).toMatchObject({ best: null, validation: null, tokensPerSecond: null, secondsLeft: null });
  });
});
