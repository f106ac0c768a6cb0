import { type Failure, UserError } from '../protocol/envelope.ts';

/** Exit codes by convention: 128 and the signal's number. */
const exitCodes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
type Signal = keyof typeof exitCodes;
const signals = Object.keys(exitCodes) as Signal[];

/** The end of a command that a signal asked for, once all is saved. */
export class Interrupted extends UserError {
  readonly exitCode: number;

  constructor(failure: Failure, exitCode: number) {
    super(failure);
    this.exitCode = exitCode;
  }
}

export interface Interruption {
  /** Of the signal that came; `null` while none has. */
  readonly exitCode: number | null;
  /** Signals end the program again. */
  stop(): void;
}

/**
 * Ctrl-C, `kill`, and a terminal or connection that is closed ask for the same: save, and end. The second signal ends at once.
 */
export function onInterruption(first: () => void): Interruption {
  let exitCode: number | null = null;
  const listeners = signals.map((signal) => {
    const listener = (): void => {
      if (exitCode !== null) process.exit(exitCodes[signal]);
      exitCode = exitCodes[signal];
      first();
    };
    process.on(signal, listener);
    return () => void process.off(signal, listener);
  });
  return {
    get exitCode() {
      return exitCode;
    },
    stop: () => {
      for (const stop of listeners) stop();
    },
  };
}
