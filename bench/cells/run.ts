import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BenchBackend } from '../cases.ts';
import { otherWork, thisMachine } from '../machine.ts';
import { isBusy } from '../results.ts';
import { cellCases } from './cases.ts';
import { type CellRow, measureCell } from './measure.ts';

interface Options {
  readonly backends: readonly BenchBackend[];
  readonly only: RegExp;
  readonly rounds: number;
  /** Where everything found is saved as JSON, anew after each row. */
  readonly file: string;
  readonly say: (line: string) => void;
}

/** Measures the custom cells' rows, one after the other, and says of each whether its goal is met; returns the rows that failed. */
export async function runCells({ backends, only, rounds, file, say }: Options): Promise<readonly string[]> {
  const before = await otherWork();
  const scratch = await mkdtemp(join(tmpdir(), 'unroll-bench-cells-'));
  const rows: CellRow[] = [];
  const failures: string[] = [];
  try {
    for (const one of cellCases.filter(({ title, backend }) => backends.includes(backend) && only.test(title))) {
      try {
        const row = await measureCell(one, rounds, join(scratch, 'task.safetensors'));
        rows.push(row);
        say(lineOf(row));
        for (const note of row.notes) say(`    ${note}`);
      } catch (error) {
        failures.push(`${one.title}: ${error instanceof Error ? error.message : String(error)}`);
      }
      await writeFile(file, `${JSON.stringify({ machine: { ...thisMachine(), other_work: before }, rows }, null, 2)}\n`);
    }
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  if (isBusy({ other_work: Math.max(before, await otherWork()) }))
    say('The machine was busy with other work: these ratios say little. Measure again on an idle one.');
  return failures;
}

function lineOf({ title, ms, ratio, wanted }: CellRow): string {
  const times = Object.entries(ms).map(([label, time]) => `${label} ${time.toFixed(1)} ms`);
  const goal =
    wanted < 1
      ? `${(1 / ratio).toFixed(2)} × the speed (wanted ${1 / wanted})`
      : `${ratio.toFixed(2)} × the time (at most ${wanted})`;
  return `${ratio <= wanted ? 'met    ' : 'NOT MET'} ${title}: ${times.join(', ')}: ${goal}`;
}
