import { initializeParameters } from '../../engine/compile/initialize.ts';
import { Model } from '../../engine/compile/materialize.tf.ts';
import { trainingSettings } from '../../engine/document/training-settings.ts';
import { Random } from '../../engine/random.ts';
import { HealthWatch } from '../../engine/training/health/health-watch.tf.ts';
import { type StepFigures, TrainStep } from '../../engine/training/train-step.tf.ts';
import type { Task } from '../cases.ts';
import { taskBatch, taskPlan } from '../problem.ts';
import type { Took } from './took.ts';

/** What the same steps took, each alone. */
export interface HealthSteps {
  readonly without: readonly Took[];
  /** Of a training that is watched: steps that were not measured, and those that were. */
  readonly others: readonly Took[];
  readonly measured: readonly Took[];
}

/** Runs the same training steps with and without what watches their health, in turn. */
export async function compareSteps(
  task: Task,
  milliseconds: number,
  took: (work: () => Promise<unknown>) => Promise<Took>,
): Promise<HealthSteps> {
  const plan = taskPlan(task);
  const batch = taskBatch(task);
  const trained = (): TrainStep =>
    new TrainStep(new Model(plan, initializeParameters(plan, 1)), 'cross-entropy', trainingSettings.parse({}), null);
  const [alone, looked] = [trained(), trained()];
  const [chance, other] = [new Random(1), new Random(1)];
  // The watch's own time: what the other model takes does not make its share smaller.
  let [own, since] = [0, 0];
  const watch = new HealthWatch(plan, () => own + performance.now() - since);
  const finish = async (figures: StepFigures): Promise<void> => {
    await figures.data();
    figures.dispose();
  };
  const without: Took[] = [];
  const others: Took[] = [];
  const measured: Took[] = [];
  const run = {
    without: async () => {
      without.push(await took(async () => finish(alone.run(batch, 0.001, chance))));
    },
    with: async () => {
      since = performance.now();
      const time = await took(async () =>
        finish(
          await watch.around(others.length + measured.length, task.steps, (probe) =>
            looked.run(batch, 0.001, other, undefined, 0, probe),
          ),
        ),
      );
      own += performance.now() - since;
      (watch.take() ? measured : others).push(time);
    },
  };
  const order: (keyof typeof run)[] = ['without', 'with'];
  while (own < milliseconds / 2) {
    for (const each of order) await run[each]();
    order.reverse();
  }
  return { without, others, measured };
}
