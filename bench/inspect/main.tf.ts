import { parseArgs } from 'node:util';
import { activateBackend } from '../../engine/backends/choose.tf.ts';
import { initializeParameters } from '../../engine/compile/initialize.ts';
import { Model } from '../../engine/compile/materialize.tf.ts';
import type { DataEncoding } from '../../engine/data/dataset.ts';
import { describeGradient } from '../../engine/inspect/describe-gradient.ts';
import { describeTrace } from '../../engine/inspect/describe-trace.ts';
import type { Example } from '../../engine/inspect/example.ts';
import { gradientOf } from '../../engine/inspect/gradient.tf.ts';
import { objectiveOf } from '../../engine/inspect/objective.tf.ts';
import type { Subject } from '../../engine/inspect/subject.ts';
import { traceExample } from '../../engine/inspect/trace.tf.ts';
import { UserError } from '../../engine/protocol/envelope.ts';
import { cellNames, common, type Task } from '../cases.ts';
import { otherWork } from '../machine.ts';
import { taskBatch, taskDocument, taskPlan } from '../problem.ts';
import { isBusy } from '../results.ts';
import { median } from '../statistics.ts';

/*
 * How long a look inside takes: a sentence of 80 tokens through 2 × 256 units, with the gradient of its loss at every state and term by
 * term. See docs/benchmark.md.
 *
 *   npm run bench:inspect [-- --device wasm --only REGEX --rounds 30 --steps 80]
 */
const most = 100;
const { values } = parseArgs({
  options: {
    device: { type: 'string', default: 'wasm' },
    only: { type: 'string', default: '' },
    rounds: { type: 'string', default: '30' },
    steps: { type: 'string', default: '80' },
  },
});
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const device = values.device === 'tensorflow' ? 'tensorflow' : 'wasm';
const wanted = new RegExp(values.only);
const structures = [
  { words: 'both directions', directions: 2, layers: 1 },
  { words: '2 layers', directions: 1, layers: 2 },
] as const;

try {
  if (isBusy({ other_work: await otherWork() }))
    say('The machine is busy with other work: of these figures the processor’s time says most.');
  say((await activateBackend(device)).description);
  say(`| E128 H256 T${values.steps}: ms | values | gradient | together | processor | its longest piece | under 100 ms |`);
  for (const cell of ['rnn', 'gru', 'lstm'] as const)
    for (const { words, ...structure } of structures)
      if (wanted.test(`${cellNames[cell]} ${words}`))
        await look(`${cellNames[cell]}, ${words}`, taskOf({ cell, ...structure }), Number(values.rounds));
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  say(error.failure.message);
  process.exitCode = 1;
}

function taskOf(structure: Pick<Task, 'cell' | 'directions' | 'layers'>): Task {
  return {
    ...structure,
    kind: 'inference',
    embedding: 128,
    hidden: 256,
    rows: 1,
    steps: Number(values.steps),
    shortest: Number(values.steps),
    ...common,
  };
}

async function look(title: string, task: Task, rounds: number): Promise<void> {
  const plan = taskPlan(task);
  const { data: binding, training } = taskDocument(task);
  if (binding === null) throw new Error('a task without data');
  const vocabulary = Array.from({ length: task.vocabulary }, (_, id) => `w${id}`);
  const encoding: DataEncoding = {
    binding,
    facts: plan.facts,
    fingerprint: 'bench',
    vocabulary,
    classes: ['no', 'yes'],
    inputNormalization: null,
    targetNormalization: null,
  };
  const model = new Model(plan, initializeParameters(plan, 1));
  const subject: Subject = { run: 'bench', weights: 'best', step: 0, model, encoding, training };
  const batch = taskBatch(task);
  const example: Example = {
    batch,
    words: Array.from(batch.tokens ?? [], (id) => vocabulary[id] ?? ''),
    unknown: Array.from({ length: task.steps }, () => false),
    target: { kind: 'class', values: ['yes'], given: true },
    known: 1,
    said: null,
  };
  const times: number[][] = [];
  for (let round = -3; round < rounds; round++) {
    const processor = process.cpuUsage();
    const start = performance.now();
    const trace = await traceExample(subject, example);
    describeTrace('bench', trace);
    const traced = performance.now();
    const pieces = inPieces(gradientOf(subject, example, objectiveOf(subject, example, { kind: 'loss' })));
    describeGradient(trace, pieces.answer);
    const end = performance.now();
    const { user, system } = process.cpuUsage(processor);
    if (round >= 0) times.push([traced - start, end - traced, end - start, (user + system) / 1000, pieces.longest]);
  }
  model.dispose();
  const [forward = 0, back = 0, together = 0, processor = 0, longest = 0] = [0, 1, 2, 3, 4].map((at) =>
    median(times.map((time) => time[at] ?? Number.NaN)),
  );
  const verdict = together < most ? 'met' : 'NOT MET';
  say(`| ${title} | ${[forward, back, together, processor, longest].map((time) => time.toFixed(0)).join(' | ')} | ${verdict} |`);
}

/** The processor's time of the longest piece, ms: for so long nothing else gets its turn. */
function inPieces<T>(work: Generator<unknown, T>): { readonly answer: T; readonly longest: number } {
  for (let longest = 0; ; ) {
    const before = process.cpuUsage();
    const { done, value } = work.next();
    const { user, system } = process.cpuUsage(before);
    longest = Math.max(longest, (user + system) / 1000);
    if (done === true) return { answer: value, longest };
  }
}
