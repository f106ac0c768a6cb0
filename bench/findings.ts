import { duration } from '../engine/cli/progress-bar.ts';
import type { BenchOptions } from './bench-run.ts';
import type { thisMachine } from './machine.ts';
import type { Measured } from './measure.ts';
import { type MemoryResult, type ResultRow, type Results, type RowProfile, rowOf, titleOf } from './results.ts';
import { rowFailure } from './row-failure.ts';
import { secondsLeft } from './schedule.ts';
import { median } from './statistics.ts';

/** What a run has found so far, with what an earlier one found; saved and told after each row. */
export class Findings {
  readonly #machine: ReturnType<typeof thisMachine>;
  readonly #options: Pick<BenchOptions, 'before' | 'say' | 'save'>;
  readonly #versions: Record<string, string>;
  readonly #rows: ResultRow[];
  readonly #memory: MemoryResult[];
  readonly #profiles: RowProfile[];
  readonly #notes: Set<string>;
  readonly #failures: string[] = [];
  readonly #rates: number[];
  /** Measured in this run: their floor follows the rate that is known at the end. */
  readonly #measured: { readonly row: Measured; readonly at: number }[] = [];
  readonly #started = performance.now();
  #otherWork: number;
  #planned: readonly number[] = [];
  #done = 0;

  constructor(
    machine: ReturnType<typeof thisMachine>,
    otherWork: number,
    options: Pick<BenchOptions, 'before' | 'say' | 'save'>,
  ) {
    const { before } = options;
    this.#machine = machine;
    this.#options = options;
    this.#versions = { ...before?.machine.versions };
    this.#rows = [...(before?.rows ?? [])];
    this.#memory = [...(before?.memory ?? [])];
    this.#profiles = [...(before?.profiles ?? [])];
    this.#notes = new Set(before?.notes);
    this.#rates = before && before.machine.sgemm_gflops > 0 ? [before.machine.sgemm_gflops] : [];
    this.#otherWork = Math.max(otherWork, before?.machine.other_work ?? 0);
  }

  get knowsRate(): boolean {
    return this.#rates.length > 0;
  }

  has(title: string): boolean {
    return this.#rows.some((row) => titleOf(row) === title);
  }

  hasMemory(title: string): boolean {
    return this.#memory.some(({ row }) => row === title);
  }

  /** @param seconds expected of each piece of work, in order */
  plan(seconds: readonly number[]): void {
    this.#planned = seconds;
    if (this.#rows.length > 0) this.say(`${this.#rows.length} rows are there already`);
  }

  say(line: string): void {
    this.#options.say(line);
  }

  note(line: string): void {
    if (this.#notes.has(line)) return;
    this.#notes.add(line);
    this.say(`not measured: ${line}`);
  }

  version(name: string, version: string): void {
    this.#versions[name] = version;
  }

  rate(gflops: number): void {
    this.#rates.push(gflops);
  }

  profile(profile: RowProfile): void {
    this.#profiles.push(profile);
  }

  addMemory(results: readonly MemoryResult[]): void {
    this.#memory.push(...results);
    for (const { peer, peakBytes } of results) this.say(`  ${peer}: ${(peakBytes / 1e6).toFixed(0)} MB`);
  }

  addRow(row: Measured): ResultRow {
    if (row.sgemmGflops > 0) this.rate(row.sgemmGflops);
    const result = rowOf(row, row.sgemmGflops > 0 ? row.sgemmGflops : median(this.#rates));
    this.#measured.push({ row, at: this.#rows.length });
    this.#rows.push(result);
    return result;
  }

  /** Tells how far the run is, works, and saves; @returns whether it went well. */
  async attempt(title: string, work: () => Promise<void>): Promise<boolean> {
    const left = secondsLeft(
      (performance.now() - this.#started) / 1000,
      this.#planned.slice(0, this.#done),
      this.#planned.slice(this.#done),
    );
    const time = left === null ? '' : `, about ${duration(left)} left`;
    this.say(`[${this.#done + 1} of ${this.#planned.length}${time}] ${title}`);
    const failure = await work().then(
      () => null,
      (error: unknown) => {
        const reason = rowFailure(error);
        if (reason === null) throw error;
        return reason.startsWith(title) ? reason : `${title}: ${reason}`;
      },
    );
    this.#done++;
    if (failure !== null) {
      this.#failures.push(failure);
      this.say(`FAILED ${failure}`);
    }
    await this.#options.save(this.#results());
    return failure === null;
  }

  finish(otherWork: number): Results {
    this.#otherWork = Math.max(this.#otherWork, otherWork);
    return this.#results();
  }

  #results(): Results {
    const gflops = this.#rates.length > 0 ? median(this.#rates) : 0;
    const rows = [...this.#rows];
    for (const { row, at } of this.#measured) rows[at] = rowOf(row, gflops);
    return {
      machine: {
        ...this.#machine,
        other_work: this.#otherWork,
        versions: { ...this.#versions },
        sgemm_gflops: Number(gflops.toPrecision(5)),
      },
      rows,
      memory: [...this.#memory],
      profiles: [...this.#profiles],
      notes: [...this.#notes],
      failures: [...this.#failures],
    };
  }
}
