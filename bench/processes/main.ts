import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { compilePlan } from '../../engine/compile/compile-plan.ts';
import { initializeParameters } from '../../engine/compile/initialize.ts';
import { prepareData } from '../../engine/data/prepare.ts';
import { dataBinding } from '../../engine/document/data-binding.ts';
import { trainingSettings } from '../../engine/document/training-settings.ts';
import { trainingFiles } from '../../engine/export/pytorch/export.ts';
import { findTorch } from '../../engine/export/pytorch/find-torch.ts';
import { writeFolder } from '../../engine/export/write-folder.ts';
import { Random } from '../../engine/random.ts';
import { freePort } from '../../engine/toolchain/free-port.test-support.ts';
import { common } from '../cases.ts';
import { otherWork } from '../machine.ts';
import { taskDocument } from '../problem.ts';
import { median } from '../statistics.ts';

/*
 * What a second process brings: the exported train.py on one process of one thread, on one of two threads, and on two of one thread each
 * (gloo), in turn. See docs/scale.md.
 *
 *   npm run bench:processes [-- --rounds 7 --steps 24 --hidden 128,256]
 */
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    steps: { type: 'string', default: '24' },
    hidden: { type: 'string', default: '128,256' },
  },
});
/** Updates before it is timed: memory is taken, kernels are chosen. */
const warmUp = 4;
const steps = Number(values.steps);
const rows = 64;
const shape = { kind: 'train', directions: 1, layers: 1, embedding: 64, rows, steps: 80, shortest: 10 } as const;
const ways = [
  { name: 'one process, one thread', processes: 1, threads: 1 },
  { name: 'one process, two threads', processes: 1, threads: 2 },
  { name: 'two processes, one thread each', processes: 2, threads: 1 },
] as const;
type Way = (typeof ways)[number];

interface Pace {
  /** Updates a second by the clock. */
  readonly rate: number;
  /** Seconds of the first process' processor in an update. */
  readonly own: number;
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const torch = findTorch();
if ('reason' in torch) {
  say(torch.reason);
  process.exitCode = 1;
} else {
  say(`Other work on this machine: ${Math.round(100 * (await otherWork()))} % of its cores.`);
  for (const hidden of values.hidden.split(',').map(Number)) await compare(torch.python, hidden);
}

async function compare(python: string, hidden: number): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), 'unroll-processes-'));
  try {
    const { folder, data } = await exported(root, hidden);
    const found = new Map<Way, Pace[]>(ways.map((way) => [way, []]));
    const order = [...ways];
    for (let round = 0; round < Number(values.rounds); round++) {
      for (const way of order) {
        const pace = await run(python, folder, data, way);
        found.get(way)?.push(pace);
        process.stderr.write(`H${hidden}, round ${round + 1}: ${way.name}, ${pace.rate.toFixed(2)} updates/s\n`);
      }
      order.push(...order.splice(0, 1));
    }
    tell(hidden, found);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** Rows of 10 to 80 words, as in the table of the benchmark, and the project that reads them. */
async function exported(root: string, hidden: number): Promise<{ readonly folder: string; readonly data: string }> {
  const random = new Random(3, 'processes');
  const word = (): string => `w${random.below(common.vocabulary)}`;
  const row = (i: number): string =>
    `${Array.from({ length: shape.shortest + random.below(shape.steps - shape.shortest + 1) }, word).join(' ')},${i % 2 ? 'yes' : 'no'}`;
  const data = join(root, 'rows.csv');
  writeFileSync(data, `text,label\n${Array.from({ length: rows * (steps + warmUp) }, (_, i) => row(i)).join('\n')}\n`);
  const reader = { format: 'delimited', inputColumns: ['text'], targetColumns: ['label'] } as const;
  const binding = dataBinding.parse({
    source: { kind: 'file', path: data, reader },
    task: 'sequence-classification',
    split: { validation: 0, test: 0 },
  });
  const { encoding } = await prepareData(binding);
  const training = trainingSettings.parse({ batchSize: rows, epochs: 1 });
  const document = { ...taskDocument({ ...common, ...shape, cell: 'lstm', hidden }), data: binding, training };
  const compiled = compilePlan(document, encoding.facts);
  if (!compiled.ok) throw new Error(compiled.problems.map(({ message }) => message).join('; '));
  const { plan } = compiled;
  const files = trainingFiles({ document, plan, encoding, parameters: initializeParameters(plan, 1) });
  const { directory } = await writeFolder(join(root, 'project'), files, { overwrite: false });
  return { folder: directory, data };
}

async function run(python: string, folder: string, data: string, { processes, threads }: Way): Promise<Pace> {
  const port = await freePort();
  const places = Array.from({ length: processes }, (_, rank) => ({
    OMP_NUM_THREADS: `${threads}`,
    // A thread that waits by computing takes the core from the one that it waits for, where other work has the other core.
    OMP_WAIT_POLICY: 'PASSIVE',
    ...(processes === 1
      ? {}
      : {
          MASTER_ADDR: '127.0.0.1',
          MASTER_PORT: `${port}`,
          RANK: `${rank}`,
          WORLD_SIZE: `${processes}`,
          GLOO_SOCKET_IFNAME: 'lo',
        }),
  }));
  const script = join(import.meta.dirname, 'timed_train.py');
  const given = [script, folder, data, '--json', '--steps', String(steps + warmUp), '--device', 'cpu'];
  const [first = ''] = await Promise.all(places.map((place) => output(python, given, place)));
  const told = JSON.parse(first) as [step: number, clock: number, processor: number][];
  const [from, to] = [told[warmUp - 1], told.at(-1)];
  if (from === undefined || to === undefined || told.length < steps) throw new Error(`${told.length} updates were told`);
  const updates = to[0] - from[0];
  return { rate: updates / (to[1] - from[1]), own: (to[2] - from[2]) / updates };
}

function output(python: string, args: readonly string[], place: Readonly<Record<string, string>>): Promise<string> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, PYTHONDONTWRITEBYTECODE: '1', ...place };
    const child = spawn(python, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
    let told = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      told += text;
    });
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve(told) : reject(new Error(`train.py ended with ${code}`))));
  });
}

/** Ratios of each round, which other work slows alike, and their medians. */
function tell(hidden: number, found: ReadonlyMap<Way, readonly Pace[]>): void {
  const [alone] = ways;
  const base = found.get(alone) ?? [];
  say(
    `| LSTM E${shape.embedding} H${hidden} B${rows} T10-80 | updates/s, median | ÷ ${alone.name}, by the clock | efficiency | processor of the first, ms/update |`,
  );
  say('| --- | --- | --- | --- | --- |');
  for (const [way, paces] of found) {
    const ratios = paces.map(({ rate }, round) => rate / (base[round]?.rate ?? Number.NaN)).sort((a, b) => a - b);
    const speedup = median(ratios);
    const range = way === alone ? '1' : `${speedup.toFixed(2)} (${ratios[0]?.toFixed(2)} to ${ratios.at(-1)?.toFixed(2)})`;
    const efficiency = `${Math.round((100 * speedup) / (way.processes * way.threads))} %`;
    const own = (1000 * median(paces.map((pace) => pace.own))).toFixed(0);
    say(`| ${way.name} | ${median(paces.map(({ rate }) => rate)).toFixed(2)} | ${range} | ${efficiency} | ${own} |`);
  }
}
