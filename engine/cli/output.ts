import { UserError } from '../protocol/envelope.ts';
import { figuresToJson } from '../protocol/figure.ts';

/** What a command prints: words for people, or with `--json` one object a line on standard output. */
export interface Output {
  readonly json: boolean;
  /** A line for people; nothing with `--json`. */
  say(line: string): void;
  /** An object for programs; nothing without `--json`. */
  tell(event: Readonly<Record<string, unknown>>): void;
  /** The last words of a command that failed. */
  fail(error: unknown): void;
}

export function createOutput(json: boolean): Output {
  return {
    json,
    say: (line) => {
      if (!json) process.stdout.write(`${line}\n`);
    },
    tell: (event) => {
      if (json) process.stdout.write(`${figuresToJson(event)}\n`);
    },
    fail: (error) => {
      const { message, hint } = describe(error);
      if (json) process.stdout.write(`${JSON.stringify({ event: 'error', message, hint })}\n`);
      else process.stderr.write(`unroll: ${message}\n${hint === null ? '' : `${hint}\n`}`);
      if (process.env['UNROLL_DEBUG']) console.error(error);
    },
  };
}

function describe(error: unknown): { message: string; hint: string | null } {
  if (error instanceof UserError) return { message: error.failure.message, hint: error.failure.hint ?? null };
  const message = error instanceof Error ? error.message : String(error);
  return { message: `unexpected error: ${message}`, hint: 'Set UNROLL_DEBUG=1 to see where it happened, and report it.' };
}
