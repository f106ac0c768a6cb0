import { z } from 'zod';

/** Between the engine and the desktop shell's main process, which alone reaches the system's key store. */
const question = { id: z.number().int(), text: z.string().max(16_384) };

/** Engine → shell. Of `encrypt` the text is the secret, of `decrypt` what `encrypt` made of it. */
export const secretRequest = z.strictObject({ kind: z.enum(['encrypt-secret', 'decrypt-secret']), ...question });
export type SecretRequest = z.infer<typeof secretRequest>;

/** Shell → engine; `null` where the system has no key store, or cannot read it any more. */
export const secretAnswer = z.strictObject({
  kind: z.literal('secret'),
  id: z.number().int(),
  text: z.string().nullable(),
});
export type SecretAnswer = z.infer<typeof secretAnswer>;
