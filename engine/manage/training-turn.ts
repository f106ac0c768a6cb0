import { UserError } from '../protocol/envelope.ts';
import type { ActiveRun } from './active-run.ts';

/** A run that is being made ready: its data is read, its device taken. */
interface Start {
  /** Id and folder of a run that is resumed; empty for a new one. */
  readonly names: Set<string>;
  readonly controller: AbortController;
  readonly settled: Promise<unknown>;
}

/** What a start may do while it has the turn. */
export interface Turn {
  /** Aborts when the start is cancelled. */
  readonly signal: AbortSignal;
  /** Names under which `pause` and `stop` find this start. */
  readonly names: Set<string>;
}

/** The rule that one run trains at a time, because runs share one device. A start has the turn before there is a run. */
export class TrainingTurn {
  #active: ActiveRun | null = null;
  #start: Start | null = null;

  get active(): ActiveRun | null {
    return this.#active;
  }

  get taken(): boolean {
    return this.#active !== null || this.#start !== null;
  }

  /** The run that trains, if it is this one. */
  activeAs(run: string): ActiveRun | null {
    return this.#active?.is(run) === true ? this.#active : null;
  }

  /**
   * @param begin makes the run ready and begins it
   * @throws UserError `busy` when another has the turn, `cancelled`, or what stands in the way
   */
  async take(begin: (turn: Turn) => Promise<ActiveRun>): Promise<ActiveRun> {
    if (this.#active) throw busy(this.#active.summary.name);
    if (this.#start) throw starting;
    const controller = new AbortController();
    const names = new Set<string>();
    const made = begin({ signal: controller.signal, names });
    const settled = made.catch(() => undefined);
    this.#start = { names, controller, settled };
    try {
      this.#active = await made;
      return this.#active;
    } catch (error) {
      if (controller.signal.aborted) throw cancelled(error);
      throw error;
    } finally {
      this.#start = null;
    }
  }

  /** The run has ended. */
  free(): void {
    this.#active = null;
  }

  /**
   * Ends the start that is under way, if there is one: of this run, or whichever it is. Resolves when it has left no trace, or
   * when it was too late and the run trains.
   */
  async cancelStart(run?: string): Promise<boolean> {
    const start = this.#start;
    if (start === null || (run !== undefined && !start.names.has(run))) return false;
    start.controller.abort();
    await start.settled;
    return true;
  }
}

export const busy = (name: string): UserError =>
  new UserError({
    code: 'busy',
    message: `“${name}” is training now.`,
    hint: 'Pause or stop it first: one run trains at a time.',
  });

const starting = new UserError({
  code: 'busy',
  message: 'Another run is being made ready.',
  hint: 'Wait for it, or cancel it: one run trains at a time.',
});

export const cancelled = (cause: unknown): UserError =>
  new UserError(
    { code: 'cancelled', message: 'Training was cancelled before its first step.', hint: 'Nothing was changed.' },
    { cause },
  );
