import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { runCommand } from '../../engine/toolchain/run-command.ts';
import { findPython } from '../environments.ts';
import { otherWork } from '../machine.ts';
import { isBusy } from '../results.ts';
import { median } from '../statistics.ts';
import { writeCorpus } from './corpus.ts';

/*
 * Reading text, from a file to the ids of its splits, beside Hugging Face `datasets` and `tokenizers` doing the same: each in a process of
 * its own, in turn. See docs/benchmark.md.
 *
 *   npm run bench -- --setup          makes the peer's environment
 *   npm run bench:data [-- --megabytes 100 --rounds 3]
 */
const { values } = parseArgs({
  options: { megabytes: { type: 'string', default: '100' }, rounds: { type: 'string', default: '3' } },
});
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const megabytes = Number(values.megabytes);
const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const took = z.object({ seconds: z.number(), processor: z.number(), bytes: z.number() });
type Took = z.infer<typeof took>;

const kinds = { table: 'a table, words', text: 'a running text, words' } as const;
const peer = findPython('datasets');
const cores = availableParallelism();
const programs: Readonly<Record<string, (file: string, kind: string) => Promise<Took>>> = {
  Unroll: (file, kind) => measured(process.execPath, ['--import', 'tsx', here('read.ts'), file, kind]),
  ...('python' in peer
    ? {
        'datasets, one process': (file, kind) => measured(peer.python, [here('peer_datasets.py'), file, kind, '1']),
        [`datasets, ${cores} processes`]: (file, kind) =>
          measured(peer.python, [here('peer_datasets.py'), file, kind, `${cores}`]),
      }
    : {}),
};

if ('reason' in peer) say(`Hugging Face datasets: ${peer.reason}`);
if (isBusy({ other_work: await otherWork() }))
  say('The machine is busy with other work: look at the processor time, not at the clock.');
const folder = await mkdtemp(join(tmpdir(), 'unroll-bench-data-'));
try {
  say(`| ${megabytes} MB | by | MB/s | seconds | of the processors | memory, MB |`);
  say('|---|---|---|---|---|---|');
  for (const kind of ['table', 'text'] as const) {
    const file = join(folder, `${kind}.${kind === 'table' ? 'csv' : 'txt'}`);
    await writeCorpus(file, kind, megabytes * 1e6);
    const found = new Map<string, Took[]>(Object.keys(programs).map((name) => [name, []]));
    for (let round = 0; round < Number(values.rounds); round++) {
      for (const [name, run] of Object.entries(programs)) found.get(name)?.push(await run(file, kind));
    }
    for (const [name, times] of found) {
      const middle = (of: keyof Took): number => median(times.map((time) => time[of]));
      const cells = [kinds[kind], name, (megabytes / middle('seconds')).toFixed(1), middle('seconds').toFixed(1)];
      say(`| ${[...cells, middle('processor').toFixed(1), (middle('bytes') / 1e6).toFixed(0)].join(' | ')} |`);
    }
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** What the last line of the program's output says. */
async function measured(program: string, args: readonly string[]): Promise<Took> {
  const { ok, output, ending } = await runCommand(program, args);
  const line = output.trim().split('\n').at(-1) ?? '';
  if (!ok) throw new Error(`${program} ${args.join(' ')} ${ending}: ${output}`);
  return took.parse(JSON.parse(line));
}
