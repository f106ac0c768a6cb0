import type { RunSummary, RunWords } from '../protocol/runs.ts';
import type { RunFolder } from '../runs/run-folder.ts';

/** A run that trains on another machine and is followed from here. */
export interface RunElsewhere {
  readonly folder: RunFolder;
  readonly summary: RunSummary;
  /** Settles when it has ended there and all is fetched, or when it is no longer followed. */
  readonly settled: Promise<RunSummary>;
  is(run: string): boolean;
  /** Resolves when it has saved and ended there. */
  pause(): Promise<RunSummary>;
  stop(): Promise<RunSummary>;
  describe(words: RunWords): Promise<void>;
}

/** Who trains runs on other machines; their `run.json` says so (`summary.on`). They take no turn: the device here stays free. */
export interface Elsewhere {
  /** The run that is followed from here, if it is this one. */
  activeAs(run: string): RunElsewhere | null;
  /** Goes on with a run that was trained there; one that still trains is followed again. */
  resume(run: string): Promise<RunSummary>;
  /** Removes what a run that is to be deleted has left there. @returns what could not be removed, and stays */
  forget(folder: RunFolder): Promise<string[]>;
  /** Follows nothing any more; what trains elsewhere goes on. */
  detach(): Promise<void>;
}
