import { z } from 'zod';

/**
 * Between the engine and the desktop shell's main process: a native library is loaded for the first time in a process of its own, and
 * only the main process can start one. The engine names the files; which program runs is the shell's own choice.
 */
const path = z.string().min(1).max(4096);

/** Engine → shell. `ops` are the fused kernels, where they are to be checked too. */
export const nativeCheckRequest = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('check-native'), id: z.number().int(), binding: path, ops: path.nullable() }),
  z.strictObject({ kind: z.literal('cancel-native-check'), id: z.number().int() }),
]);
export type NativeCheckRequest = z.infer<typeof nativeCheckRequest>;

/** Process of the check → shell, which ends it then: its last line, or why it failed. A process that dies says nothing. */
export const nativeCheckResult = z.strictObject({ ok: z.boolean(), text: z.string() });
export type NativeCheckResult = z.infer<typeof nativeCheckResult>;

/** Shell → engine: how the process of that check ended, and the last of what it wrote. */
export const nativeCheckEnded = z.strictObject({
  kind: z.literal('native-check-ended'),
  id: z.number().int(),
  ok: z.boolean(),
  output: z.string(),
  ending: z.string(),
});
export type NativeCheckEnded = z.infer<typeof nativeCheckEnded>;
