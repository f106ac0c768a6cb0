import { UserError } from './envelope.ts';

/** What a promise is refused with; anything but a `UserError` fails the test. */
export async function failureOf(promise: Promise<unknown>): Promise<UserError['failure']> {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof UserError)) throw new Error(`expected a UserError, got ${error}`);
  return error.failure;
}
