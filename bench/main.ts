import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { duration } from '../engine/cli/progress-bar.ts';
import { UserError } from '../engine/protocol/envelope.ts';
import { type BenchOptions, runBench } from './bench-run.ts';
import type { BenchBackend } from './cases.ts';
import { runCells } from './cells/run.ts';
import { countSteps } from './cells/steps.ts';
import { goals } from './goals.ts';
import { page } from './page.ts';
import { benchFile, isBusy, type Results, savedResults } from './results.ts';
import { setUp } from './setup.ts';
import { inferenceTime } from './shapes.ts';
import { summaryLines } from './summary.ts';

/*
 * Unroll against PyTorch, Keras and tfjs-layers in one run on one machine. See docs/benchmark.md.
 *
 *   npm run bench -- --setup            makes the peers' environments
 *   npm run bench                       the whole table
 *   npm run bench -- --quick            a small part of it, about two minutes
 *   npm run bench -- --cells            custom cells against the built-in ones and against PyTorch
 *   npm run bench -- --device wasm      one backend: tensorflow, wasm or webgpu
 *   npm run bench -- --only 'LSTM.*H256'   rows whose name matches
 *   npm run bench -- --rounds 15        turns of each peer
 *   npm run bench -- --resume FILE   goes on from what a run saved that was broken off
 *   npm run bench -- --json FILE        also writes machine and rows to FILE
 */
const backends: readonly BenchBackend[] = ['tensorflow', 'wasm', 'webgpu'];
const say = (line: string): void => void process.stdout.write(`${line}\n`);

process.exitCode = await main().catch((error: unknown) => {
  if (!(error instanceof UserError)) throw error;
  process.stderr.write(`bench: ${error.failure.message}\n${error.failure.hint ?? ''}\n`);
  return 1;
});

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      setup: { type: 'boolean', default: false },
      cells: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      device: { type: 'string' },
      rounds: { type: 'string' },
      only: { type: 'string', default: '' },
      json: { type: 'string' },
      resume: { type: 'string' },
    },
  });
  if (values.setup) return (await setUp()) ? 0 : 1;
  const base = await resultsBase();
  if (values.cells) {
    const chosen = chosenBackends(values.device);
    const only = new RegExp(values.only, 'i');
    const rounds = chosenRounds(values.rounds ?? '7');
    const clocked = chosen.filter((name) => name !== 'webgpu');
    const file = values.json ?? `${base}-cells.json`;
    const timed = clocked.length === 0 ? [] : await runCells({ backends: clocked, only, say, rounds, file });
    const failures = [...timed, ...(chosen.includes('webgpu') ? await countSteps(only, say) : [])];
    for (const failure of failures) say(`Failed, and not reported: ${failure}`);
    return failures.length === 0 ? 0 : 1;
  }
  const options: BenchOptions = {
    quick: values.quick,
    backends: chosenBackends(values.device),
    rounds: chosenRounds(values.rounds ?? (values.quick ? '4' : '7')),
    only: new RegExp(values.only, 'i'),
    before: values.resume === undefined ? null : await earlier(values.resume),
    say,
    save: async (results) => {
      await save(base, results);
      if (values.json !== undefined) await writeFile(values.json, jsonOf(results));
    },
  };
  const started = performance.now();
  say(`Shape inference on 200 nodes: ${inferenceTime(200, 50).toFixed(2)} ms (at most 5)`);
  const results = await runBench(options);
  if (results.rows.length === 0) throw usage('no row was measured', 'Look at --only and --device, and at what is absent.');
  for (const line of summaryLines(results)) say(line);
  for (const { goal, found, met } of goals(results))
    say(`${met === null ? '  –    ' : met ? 'met    ' : 'NOT MET'} ${goal}: ${found}`);
  if (isBusy(results.machine))
    say('The machine was busy with other work: these ratios say little. Measure again on an idle one.');
  await options.save(results);
  say(`In ${duration((performance.now() - started) / 1000)}. Page: ${pathToFileURL(`${base}.html`).href}`);
  for (const failure of results.failures) say(`Failed, and not reported: ${failure}`);
  return results.failures.length === 0 ? 0 : 1;
}

function chosenBackends(device: string | undefined): readonly BenchBackend[] {
  const chosen = backends.filter((name) => device === undefined || name === device);
  if (chosen.length === 0)
    throw usage(`there is no device “${device}”`, `Choose ${backends.join(', ')}, or leave --device away.`);
  return chosen;
}

function chosenRounds(text: string): number {
  const rounds = Number(text);
  if (!Number.isInteger(rounds) || rounds < 1) throw usage(`--rounds is “${text}”`, 'Give a whole number from 1.');
  return rounds;
}

function usage(message: string, hint: string): UserError {
  return new UserError({ code: 'bench-usage', message, hint });
}

async function earlier(file: string): Promise<Results> {
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text === null)
    throw usage(`--resume: ${file} cannot be read`, 'Give the .json file that the earlier run saved in bench/results.');
  try {
    return savedResults.parse(JSON.parse(text));
  } catch {
    throw usage(
      `--resume: ${file} is no file of results of this version`,
      'Give the .json file that the earlier run saved in bench/results.',
    );
  }
}

/** Where this run is saved, without an ending. */
async function resultsBase(): Promise<string> {
  const folder = join(import.meta.dirname, 'results');
  await mkdir(folder, { recursive: true });
  return join(folder, `bench-${new Date().toISOString().slice(0, 19).replaceAll(':', '-')}`);
}

/** The page, and everything that was found, beside each other. */
async function save(base: string, results: Results): Promise<void> {
  await writeFile(`${base}.json`, `${JSON.stringify(results, null, 2)}\n`);
  await writeFile(`${base}.html`, page(results));
}

function jsonOf({ machine, rows }: Results): string {
  return `${JSON.stringify(benchFile.parse({ machine, rows }), null, 2)}\n`;
}
