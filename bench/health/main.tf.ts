import { parseArgs } from 'node:util';
import { activateBackend } from '../../engine/backends/choose.tf.ts';
import { initializeParameters } from '../../engine/compile/initialize.ts';
import { Model } from '../../engine/compile/materialize.tf.ts';
import { trainingSettings } from '../../engine/document/training-settings.ts';
import { UserError } from '../../engine/protocol/envelope.ts';
import { Random } from '../../engine/random.ts';
import { HealthWatch } from '../../engine/training/health/health-watch.tf.ts';
import { type StepFigures, TrainStep } from '../../engine/training/train-step.tf.ts';
import { type BenchCase, stepCases } from '../cases.ts';
import { otherWork } from '../machine.ts';
import { taskBatch, taskPlan } from '../problem.ts';
import { isBusy } from '../results.ts';
import { median } from '../statistics.ts';

/*
 * What it costs to watch the health of a training: the same steps with and without, in turn. See docs/benchmark.md.
 *
 *   npm run bench:health [-- --device wasm --only REGEX --seconds 120]
 */
const most = 0.05;
const { values } = parseArgs({
  options: {
    device: { type: 'string', default: 'wasm' },
    only: { type: 'string', default: 'E64 H128 B64 T80' },
    seconds: { type: 'string', default: '120' },
  },
});
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const device = values.device === 'tensorflow' ? 'tensorflow' : 'wasm';
const wanted = new RegExp(values.only);

try {
  if (isBusy({ other_work: await otherWork() })) say('The machine is busy with other work: these figures say little.');
  say((await activateBackend(device)).description);
  say('| training step: ms | without | with | with, where it is measured | such steps | more, at most 5 % |');
  for (const one of stepCases) {
    const { backend, task, name } = one;
    if (backend === device && task.kind === 'train' && wanted.test(name)) await compare(one, Number(values.seconds) * 1000);
  }
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  say(error.failure.message);
  process.exitCode = 1;
}

async function compare({ name, task }: BenchCase, milliseconds: number): Promise<void> {
  const plan = taskPlan(task);
  const batch = taskBatch(task);
  const trained = (): TrainStep =>
    new TrainStep(new Model(plan, initializeParameters(plan, 1)), 'cross-entropy', trainingSettings.parse({}), null);
  const [alone, looked] = [trained(), trained()];
  const [one, other] = [new Random(1), new Random(1)];
  // The watch's own time: what the other model takes does not make its share smaller.
  let [own, since] = [0, 0];
  const watch = new HealthWatch(plan, () => own + performance.now() - since);
  const finish = async (figures: StepFigures): Promise<void> => {
    await figures.data();
    figures.dispose();
  };
  const without: number[] = [];
  const withIt: number[] = [];
  const measured: number[] = [];
  const run = {
    without: async () => {
      const before = performance.now();
      await finish(alone.run(batch, 0.001, one));
      without.push(performance.now() - before);
    },
    with: async () => {
      const before = performance.now();
      since = performance.now();
      await finish(
        await watch.around(withIt.length + measured.length, task.steps, (probe) =>
          looked.run(batch, 0.001, other, undefined, 0, probe),
        ),
      );
      own += performance.now() - since;
      (watch.take() ? measured : withIt).push(performance.now() - before);
    },
  };
  const order: (keyof typeof run)[] = ['without', 'with'];
  while (own < milliseconds / 2) {
    for (const each of order) await run[each]();
    order.reverse();
  }
  const step = median(without);
  const more = measured.reduce((sum, time) => sum + time - step, 0) / without.reduce((sum, time) => sum + time, 0);
  const title = `${task.cell.toUpperCase()} ${name}${task.directions === 2 ? ' both' : ''}${task.layers === 2 ? ' ×2' : ''}`;
  const times = [step, median(withIt), median(measured)].map((time) => (Number.isNaN(time) ? '–' : time.toFixed(1))).join(' | ');
  const count = `${measured.length} of ${withIt.length + measured.length}`;
  say(`| ${title} | ${times} | ${count} | ${(100 * more).toFixed(1)} % ${more <= most ? 'met' : 'NOT MET'} |`);
}
