import { z } from 'zod';

/** What the desktop shell's main process says of its updates. */
export const updateState = z.discriminatedUnion('kind', [
  /** This copy cannot update itself. */
  z.strictObject({ kind: z.literal('unavailable'), reason: z.string() }),
  z.strictObject({ kind: z.literal('off') }),
  /** Nothing to do; `checked` is the time (ISO 8601) of the last answer, `problem` why there was none. */
  z.strictObject({ kind: z.literal('waiting'), checked: z.string().nullable(), problem: z.string().nullable() }),
  z.strictObject({ kind: z.literal('checking') }),
  z.strictObject({ kind: z.literal('downloading'), version: z.string(), percent: z.number() }),
  /** Downloaded and compared with its checksum; installed when the app is quit. */
  z.strictObject({ kind: z.literal('ready'), version: z.string() }),
]);
export type UpdateState = z.infer<typeof updateState>;

export const updateStatus = z.strictObject({ version: z.string(), enabled: z.boolean(), state: updateState });
export type UpdateStatus = z.infer<typeof updateStatus>;

/** What the user chose, as it is kept on disk. */
export const updateSettings = z.strictObject({ enabled: z.boolean() });
