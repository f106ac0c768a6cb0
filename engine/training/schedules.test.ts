import { describe, expect, it } from 'vitest';
import { trainingSettings } from '../document/training-settings.ts';
import { afterValidation, initialSchedule, learningRate } from './schedules.ts';
import { askTorch, torchMissing } from './torch-expectation.test-support.ts';

const settings = (schedule: Record<string, unknown>, warmupSteps = 0) =>
  trainingSettings.parse({ learningRate: 0.1, schedule, warmupSteps });

describe('schedules', () => {
  it('warm-up rises linearly and reaches the full rate', () => {
    const s = settings({ kind: 'constant' }, 4);
    const rates = [0, 1, 2, 3, 4].map((step) => learningRate(s, initialSchedule, step, 0, 100));
    [0.025, 0.05, 0.075, 0.1, 0.1].forEach((rate, i) => {
      expect(rates[i]).toBeCloseTo(rate, 12);
    });
  });

  it('step multiplies every few epochs', () => {
    const s = settings({ kind: 'step', every: 2, factor: 0.5 });
    expect([0, 1, 2, 3, 4].map((epoch) => learningRate(s, initialSchedule, 9, epoch, 100))).toEqual([
      0.1, 0.1, 0.05, 0.05, 0.025,
    ]);
  });

  it('cosine runs from the rate after warm-up to its floor', () => {
    const s = settings({ kind: 'cosine', floor: 0.1 }, 10);
    expect(learningRate(s, initialSchedule, 10, 0, 110)).toBeCloseTo(0.1, 12);
    expect(learningRate(s, initialSchedule, 60, 0, 110)).toBeCloseTo(0.055, 12);
    expect(learningRate(s, initialSchedule, 110, 0, 110)).toBeCloseTo(0.01, 12);
  });
});

describe('at the edges', () => {
  const plateau = { kind: 'plateau', patience: 2, factor: 0.5 };

  it('cosine stays at its floor after the last step, and where warm-up leaves no step', () => {
    const s = settings({ kind: 'cosine', floor: 0.1 }, 10);
    expect(learningRate(s, initialSchedule, 500, 0, 110)).toBeCloseTo(0.01, 12);
    expect(learningRate(s, initialSchedule, 10, 0, 10)).toBeCloseTo(0.1, 12);
    expect(learningRate(s, initialSchedule, 11, 0, 5)).toBeCloseTo(0.01, 12);
  });

  it('warm-up comes before every schedule', () => {
    const state = { ...initialSchedule, scale: 0.25 };
    for (const schedule of [{ kind: 'step', every: 1, factor: 0.5 }, { kind: 'cosine' }, plateau]) {
      expect(learningRate(settings(schedule, 4), state, 1, 3, 100)).toBeCloseTo(0.05, 12);
    }
    expect(learningRate(settings(plateau, 4), state, 4, 3, 100)).toBeCloseTo(0.025, 12);
  });

  it('no schedule but plateau remembers anything', () => {
    for (const schedule of [{ kind: 'constant' }, { kind: 'step' }, { kind: 'cosine' }]) {
      expect(afterValidation(settings(schedule), initialSchedule, 3)).toBe(initialSchedule);
    }
  });

  it('a loss that falls by a ten-thousandth of itself is no improvement yet', () => {
    const s = settings(plateau);
    const state = { scale: 1, best: 1, stale: 1 };
    expect(afterValidation(s, state, 1 - 1e-4)).toEqual({ scale: 1, best: 1, stale: 2 });
    expect(afterValidation(s, state, 1 - 1.01e-4)).toEqual({ scale: 1, best: 1 - 1.01e-4, stale: 0 });
    expect(afterValidation(s, { ...state, stale: 2 }, 1)).toEqual({ scale: 0.5, best: 1, stale: 0 });
    expect(afterValidation(s, initialSchedule, 5)).toEqual({ scale: 1, best: 5, stale: 0 });
  });
});

const missing = torchMissing();
const losses = [1, 0.9, 0.95, 0.94, 0.93, 0.92, 0.8, 0.79999, 0.81, 0.82, 0.83, 0.84, 0.85, 0.86];

describe.skipIf(missing !== null)('against real PyTorch', () => {
  it('plateau lowers the rate when ReduceLROnPlateau does', () => {
    const script = `
import json, sys, torch
opt = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.1)
sch = torch.optim.lr_scheduler.ReduceLROnPlateau(opt, factor=0.5, patience=2)
rates = []
for loss in json.load(sys.stdin):
    sch.step(loss); rates.append(opt.param_groups[0]['lr'])
print(json.dumps(rates))
`;
    const s = settings({ kind: 'plateau', patience: 2, factor: 0.5 });
    let state = initialSchedule;
    const rates = losses.map((loss) => {
      state = afterValidation(s, state, loss);
      return learningRate(s, state, 1, 1, 100);
    });
    const answers = askTorch(script, losses) as number[];
    expect(new Set(answers).size).toBeGreaterThan(2);
    answers.forEach((rate, i) => {
      expect(rates[i]).toBeCloseTo(rate, 12);
    });
  });

  it('cosine equals CosineAnnealingLR', () => {
    const script = `
import json, sys, torch
opt = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.1)
sch = torch.optim.lr_scheduler.CosineAnnealingLR(opt, T_max=20)
rates = []
for _ in range(20):
    rates.append(opt.param_groups[0]['lr']); opt.step(); sch.step()
print(json.dumps(rates))
`;
    const s = settings({ kind: 'cosine' });
    (askTorch(script, null) as number[]).forEach((rate, step) => {
      expect(learningRate(s, initialSchedule, step, 0, 20)).toBeCloseTo(rate, 10);
    });
  });
});
