import { parseArgs } from 'node:util';
import { activateBackend } from '../../engine/backends/choose.tf.ts';
import { UserError } from '../../engine/protocol/envelope.ts';
import { type BenchCase, stepCases, type Task } from '../cases.ts';
import { otherWork } from '../machine.ts';
import { isBusy } from '../results.ts';
import { median } from '../statistics.ts';
import { compareSteps, type HealthSteps } from './compare.tf.ts';
import { compareFilms } from './film.tf.ts';
import { openHealthPage } from './in-page.ts';
import { shareOfHealth, shareText, verdict } from './share.ts';
import { took } from './took.ts';

/*
 * What it costs to watch the health of a training: the same steps with and without, in turn; and what a film costs: the same training with
 * and without. See docs/benchmark.md.
 *
 *   npm run bench:health [-- --device wasm|tensorflow|webgpu --only REGEX --seconds 120 --rounds 3]
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
    only: { type: 'string', default: 'E64 H128 B64 T80|^\\w+ E32 H64' },
    seconds: { type: 'string', default: '120' },
    rounds: { type: 'string', default: '3' },
  },
});
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const device = (['tensorflow', 'webgpu'] as const).find((name) => name === values.device) ?? 'wasm';
const wanted = new RegExp(values.only);

try {
  if (isBusy({ other_work: await otherWork() }))
    say('The machine is busy with other work: of these figures the processor’s time says most.');
  const page = device === 'webgpu' ? await openHealthPage() : null;
  say((page ?? (await activateBackend(device))).description);
  const compare = page?.compare ?? ((task: Task, milliseconds: number) => compareSteps(task, milliseconds, took));
  say(
    '| training step: ms of the processor | without | with | with, where it is measured | such steps | more by the clock | more, at most 5 % |',
  );
  for (const one of stepCases) {
    const { backend, task } = one;
    // Of WebGPU the table has small networks alone; here it has the others' too.
    const wantedHere = backend === device || (device === 'webgpu' && backend === 'wasm');
    if (wantedHere && task.kind === 'train' && wanted.test(titleOf(one)))
      say(lineOf(one, await compare(task, Number(values.seconds) * 1000)));
  }
  await page?.close();
  const rounds = Number(values.rounds);
  // A film is the engine's work, wherever a run trains.
  if (rounds > 0 && device !== 'webgpu') {
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

function lineOf(one: BenchCase, steps: HealthSteps): string {
  const { without, others, measured } = steps;
  const times = [without, others, measured]
    .map((all) => (all.length === 0 ? '–' : median(all.map(({ processor }) => processor)).toFixed(1)))
    .join(' | ');
  const count = `${measured.length} of ${others.length + measured.length}`;
  const [clock, processor] = [shareOfHealth(steps, 'clock'), shareOfHealth(steps, 'processor')];
  return `| ${titleOf(one)} | ${times} | ${count} | ${shareText(clock)} | ${verdict(processor, most)} |`;
}
