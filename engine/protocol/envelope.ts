import { z } from 'zod';

/** Version of the whole contract; the two sides refuse each other when it differs. */
export const protocolVersion = 1;

/** An expected failure, told in the user's words. */
export const failure = z.strictObject({
  /** Stable word for tests and for the interface to act on, e.g. `file-not-found`, `out-of-memory`, `engine-crashed`. */
  code: z.string().max(64),
  /** Names the thing, what was expected and what was found. */
  message: z.string(),
  /** What to do about it. */
  hint: z.string().optional(),
  /** A command that does it, to be run in a terminal. */
  command: z.string().optional(),
  /** The graph node it belongs to; inside of blocks by its way, `block-1/recurrent-1`. */
  node: z.string().optional(),
  /** The data row (line number, from 1) it belongs to. */
  row: z.number().int().optional(),
});
export type Failure = z.infer<typeof failure>;

/** renderer → engine */
export const request = z.strictObject({ id: z.number().int(), method: z.string().max(64), params: z.unknown() });
/** engine → renderer: answers one request */
export const reply = z.discriminatedUnion('ok', [
  z.strictObject({ id: z.number().int(), ok: z.literal(true), result: z.unknown() }),
  z.strictObject({ id: z.number().int(), ok: z.literal(false), error: failure }),
]);
/** engine → renderer: unasked */
export const push = z.strictObject({ event: z.string().max(64), data: z.unknown() });

export const fromEngine = z.union([reply, push]);
export type Reply = z.infer<typeof reply>;

/** Thrown inside the engine for expected failures that must reach the user; turned into a `Failure` at the boundary. */
export class UserError extends Error {
  readonly failure: Failure;
  constructor(failure: Failure, options?: ErrorOptions) {
    super(failure.message, options);
    this.name = 'UserError';
    this.failure = failure;
  }
}

/** A failure as one text: what happened, and what can be done. */
export const failureText = ({ message, hint }: Pick<Failure, 'message' | 'hint'>): string =>
  [message, hint].filter(Boolean).join(' ');

/** Any error → what the user is told. */
export function toFailure(error: unknown): Failure {
  if (error instanceof UserError) return error.failure;
  const message = error instanceof Error ? error.message : String(error);
  return {
    code: 'unexpected',
    message: `Something went wrong inside the engine: ${message}`,
    hint: 'Your work is saved. Try again; if it happens again, report it with the text above.',
  };
}
