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
import { compareFilms } from './film.tf.ts';
import { sumOf, type Took, took, verdict } from './took.ts';

/*
 * What it costs to watch the health of a training: the same steps with and without, in turn; and what a film costs: the same training with
 * and without. See docs/benchmark.md.
 *
 *   npm run bench:health [-- --device wasm --only REGEX --seconds 120 --rounds 3]
 *   npm run bench:health -- --only none             films alone
 *   npm run bench:health -- --rounds 0              health alone
 */
const most = 0.05;
const filmedTrainings = [
  { template: 'syllables', epochs: 12 },
  { template: 'agreement', epochs: 12 },
] as const;
const { values } = parseArgs({
  options: {
    device: { type: 'string', default: 'wasm' },
    only: { type: 'string', default: 'E64 H128 B64 T80' },
    seconds: { type: 'string', default: '120' },
    rounds: { type: 'string', default: '3' },
  },
});
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const device = values.device === 'tensorflow' ? 'tensorflow' : 'wasm';
const wanted = new RegExp(values.only);

try {
  if (isBusy({ other_work: await otherWork() }))
    say('The machine is busy with other work: of these figures the processor’s time says most.');
  say((await activateBackend(device)).description);
  say(
    '| training step: ms of the processor | without | with | with, where it is measured | such steps | more by the clock | more, at most 5 % |',
  );
  for (const one of stepCases) {
    const { backend, task } = one;
    if (backend === device && task.kind === 'train' && wanted.test(titleOf(one)))
      await compare(one, Number(values.seconds) * 1000);
  }
  const rounds = Number(values.rounds);
  if (rounds > 0) {
    say('| training: ms of the processor | without a film | with | more by the clock | more, at most 5 % |');
    for (const filmed of filmedTrainings) say(await compareFilms(filmed, device, rounds, most));
  }
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  say(error.failure.message);
  process.exitCode = 1;
}

function titleOf({ name, task: { cell, directions, layers } }: BenchCase): string {
  return `${cell.toUpperCase()} ${name}${directions === 2 ? ' both' : ''}${layers === 2 ? ' ×2' : ''}`;
}

async function compare(one: BenchCase, milliseconds: number): Promise<void> {
  const { task } = one;
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
  const withIt: Took[] = [];
  const measured: Took[] = [];
  const run = {
    without: async () => {
      without.push(await took(async () => finish(alone.run(batch, 0.001, chance))));
    },
    with: async () => {
      since = performance.now();
      const time = await took(async () =>
        finish(
          await watch.around(withIt.length + measured.length, task.steps, (probe) =>
            looked.run(batch, 0.001, other, undefined, 0, probe),
          ),
        ),
      );
      own += performance.now() - since;
      (watch.take() ? measured : withIt).push(time);
    },
  };
  const order: (keyof typeof run)[] = ['without', 'with'];
  while (own < milliseconds / 2) {
    for (const each of order) await run[each]();
    order.reverse();
  }
  const middle = (all: readonly Took[], of: keyof Took): number => median(all.map((time) => time[of]));
  /** What the measured steps took beyond others, of all steps. */
  const more = (of: keyof Took): number => (sumOf(measured, of) - measured.length * middle(without, of)) / sumOf(without, of);
  const times = [without, withIt, measured]
    .map((all) => (all.length === 0 ? '–' : middle(all, 'processor').toFixed(1)))
    .join(' | ');
  const count = `${measured.length} of ${withIt.length + measured.length}`;
  say(`| ${titleOf(one)} | ${times} | ${count} | ${(100 * more('clock')).toFixed(1)} % | ${verdict(more('processor'), most)} |`);
}
