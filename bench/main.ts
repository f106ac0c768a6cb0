import '../engine/backends/gradients.tf.ts';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { activateBackend, listDevices } from '../engine/backends/choose.tf.ts';
import type { BackendName } from '../engine/protocol/app.ts';
import { type BenchCase, randomBatch, type Trainer, tfjsLayersTrainer, unrollTrainer } from './models.tf.ts';
import { inferenceTime } from './shapes.ts';

/*
 * One training step (forward, back-propagation through time, Adam) of Unroll against tfjs-layers, in the same run: steps of the two
 * alternate, so that a busy machine slows both alike, and medians are compared.
 *
 *   npm run bench                     every backend of this machine
 *   npm run bench -- --quick          smaller sizes, fewer rounds
 *   npm run bench -- --device wasm    one backend
 *   npm run bench -- --json           one object a line
 */
const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    device: { type: 'string' },
    rounds: { type: 'string' },
  },
});

const sizes = options.quick
  ? { embedding: 32, hidden: 64, rows: 32, steps: 40, vocabulary: 1000 }
  : { embedding: 64, hidden: 128, rows: 64, steps: 80, vocabulary: 5000 };
const rounds = Number(options.rounds ?? (options.quick ? 5 : 9));
const cases: readonly BenchCase[] = (['rnn', 'gru', 'lstm'] as const).map((cell) => ({
  name: `${cell.toUpperCase()} E${sizes.embedding} H${sizes.hidden} B${sizes.rows} T${sizes.steps}`,
  cell,
  ...sizes,
}));

const median = (times: readonly number[]): number => [...times].sort((a, b) => a - b)[times.length >> 1] ?? Number.NaN;

async function timed(trainer: Trainer): Promise<number> {
  const start = performance.now();
  const loss = await trainer.step();
  if (!Number.isFinite(loss)) throw new Error(`the loss is ${loss}`);
  return performance.now() - start;
}

async function compare(bench: BenchCase): Promise<{ unroll: number; layers: number }> {
  const batch = randomBatch(bench);
  const [ours, theirs] = [unrollTrainer(bench, batch), tfjsLayersTrainer(bench, batch)];
  const [oursMs, theirsMs]: [number[], number[]] = [[], []];
  for (let warmUp = 0; warmUp < 2; warmUp++) for (const trainer of [ours, theirs]) await timed(trainer);
  for (let round = 0; round < rounds; round++) {
    oursMs.push(await timed(ours));
    theirsMs.push(await timed(theirs));
  }
  ours.dispose();
  theirs.dispose();
  return { unroll: median(oursMs), layers: median(theirsMs) };
}

const write = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const devices = (await listDevices()).devices.filter((device) => device.available).map((device) => device.backend);
const chosen: BackendName[] = devices.filter((name) =>
  options.device === undefined ? name === 'wasm' || name === 'tensorflow' : name === options.device,
);
if (chosen.length === 0) throw new Error(`no such device here; there are: ${devices.join(', ')}`);
const inferenceMs = inferenceTime(200, 50);
write(
  options.json
    ? JSON.stringify({ case: 'shape inference, 200 nodes', ms: inferenceMs })
    : `Shape inference on 200 nodes: ${inferenceMs.toFixed(2)} ms (at most 5)`,
);
if (!options.json) {
  write(`One training step, V=${sizes.vocabulary}, Adam, median of ${rounds}, ms. ${cpus()[0]?.model ?? ''} × ${cpus().length}`);
}
for (const backend of chosen) {
  const { description } = await activateBackend(backend);
  if (!options.json) write(`\n${description}`);
  for (const bench of cases) {
    const { unroll, layers } = await compare(bench);
    const ratio = layers / unroll;
    if (options.json) {
      write(JSON.stringify({ backend, case: bench.name, unrollMs: unroll, tfjsLayersMs: layers, ratio }));
    } else {
      const columns = [`unroll ${unroll.toFixed(1).padStart(8)}`, `tfjs-layers ${layers.toFixed(1).padStart(8)}`];
      write(`  ${bench.name.padEnd(24)} ${columns.join('   ')}   ${ratio.toFixed(1)}× faster`);
    }
  }
}
