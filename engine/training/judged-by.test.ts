import { describe, expect, it } from 'vitest';
import { chooseLoss, headKind } from '../compile/loss-kind.ts';
import { balancedWeights } from '../data/target-weights.ts';
import type { TaskKind } from '../document/data-binding.ts';
import { trainingSettings } from '../document/training-settings.ts';
import { UserError } from '../protocol/envelope.ts';
import { judgedBy } from './judged-by.ts';
import { sessionFacts } from './session-facts.ts';
import { syntheticTask } from './synthetic-task.test-support.ts';

describe('the loss', () => {
  it.each([
    ['sequence-classification', 'auto', 'cross-entropy'],
    ['sequence-classification', 'cross-entropy', 'cross-entropy'],
    ['step-tagging', 'auto', 'cross-entropy'],
    ['sequence-regression', 'auto', 'mse'],
    ['sequence-regression', 'mse', 'mse'],
    ['forecasting', 'rmse', 'rmse'],
  ] as const)('of %s with %s is %s', (task: TaskKind, wanted, loss) => {
    expect(chooseLoss(syntheticTask(task).plan, wanted)).toBe(loss);
  });

  it.each([
    ['sequence-classification', 'mse'],
    ['sequence-classification', 'binary-log-loss'],
    ['sequence-regression', 'cross-entropy'],
  ] as const)('of %s cannot be %s: the head cannot be trained with it', (task, wanted) => {
    const { plan } = syntheticTask(task);
    let failure: UserError['failure'] | null = null;
    try {
      chooseLoss(plan, wanted);
    } catch (error) {
      if (error instanceof UserError) failure = error.failure;
    }
    expect(failure).toMatchObject({ code: 'loss-does-not-fit', node: plan.head });
  });

  it('of two classes with one logit is binary', () => {
    const { plan } = syntheticTask('sequence-classification');
    const modules = plan.modules.map((module) =>
      module.id === plan.head ? { ...module, kind: 'dense-sigmoid' as const } : module,
    );
    expect(chooseLoss({ ...plan, modules }, 'auto')).toBe('binary-log-loss');
    expect(chooseLoss({ ...plan, modules }, 'binary-log-loss')).toBe('binary-log-loss');
    expect(() => chooseLoss({ ...plan, modules }, 'cross-entropy')).toThrow('binary log loss');
  });

  it('is of the head, which a plan must have', () => {
    const { plan } = syntheticTask('sequence-classification');
    expect(headKind(plan)).toBe('dense-softmax');
    expect(() => headKind({ ...plan, head: 'nowhere' })).toThrow('no module');
    const [first] = plan.modules;
    expect(() => headKind({ ...plan, head: first?.id ?? '' })).toThrow('expected a head');
  });
});

it('is judged by the same settings as it is trained with', () => {
  const { plan, data } = syntheticTask('step-tagging');
  const settings = trainingSettings.parse({ batchSize: 7, timeReduction: 'sum', carryState: false });
  expect(judgedBy(plan, data, settings)).toEqual({
    data,
    head: 'dense-softmax',
    loss: 'cross-entropy',
    timeReduction: 'sum',
    classWeights: null,
    batchSize: 7,
    carryState: false,
  });
  const balanced = { ...settings, classWeights: 'balanced' as const };
  // By the training split alone.
  expect(judgedBy(plan, data, balanced).classWeights).toEqual(balancedWeights(data.splits.train, 2));
  const numbers = syntheticTask('sequence-regression');
  expect(judgedBy(numbers.plan, numbers.data, balanced).classWeights).toBeNull();
});

describe('what follows from data and settings', () => {
  const { data } = syntheticTask('sequence-classification');
  const settings = trainingSettings.parse({ batchSize: 50, epochs: 3 });
  const without = { ...data.splits.validation, count: 0 };

  it('is the number of steps, a smaller last batch included', () => {
    expect(sessionFacts(data, settings)).toMatchObject({ stepsPerEpoch: 5, totalSteps: 15, validationSplit: 'validation' });
  });

  it('is the training split to be judged on where there is no other', () => {
    const facts = sessionFacts({ ...data, splits: { ...data.splits, validation: without } }, settings);
    expect(facts.validationSplit).toBe('train');
    expect(facts.headline.metric).toBe('accuracy');
  });

  it('is that nothing can be learned from nothing', () => {
    expect(() => sessionFacts({ ...data, splits: { ...data.splits, train: without } }, settings)).toThrow(UserError);
  });
});
