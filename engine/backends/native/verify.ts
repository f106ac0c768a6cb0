import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { z } from 'zod';
import { checkInShell } from '../../links/native-check.ts';
import { parentPort } from '../../links/parent-port.ts';
import { UserError } from '../../protocol/envelope.ts';
import { type CommandResult, lastLines, runCommand } from '../../toolchain/run-command.ts';
import { selfCheckLimit } from '../self-check-limit.ts';

/** What `verify-native` prints, on a line of its own. */
const verdict = z.strictObject({ verified: z.literal(true), matmulError: z.number(), selfCheckError: z.number() });

/**
 * Loads a binding in a process of its own, because a wrong library or processor ends the process instead of throwing, and
 * compares a matrix product and the gradients of a small recurrent network with the JavaScript backend.
 *
 * @param ops our fused kernels, to be checked with it
 * @returns the largest relative gradient error.
 * @throws UserError `verify-failed` with what the process said.
 */
export async function verifyBinding(binding: string, ops: string | null, signal?: AbortSignal): Promise<number> {
  const result = await (parentPort === null
    ? checkInNode(binding, ops, signal)
    : checkInShell(parentPort, { binding, ops }, signal));
  const line = result.output.split('\n').find((text) => text.startsWith('{"verified"'));
  const parsed = line === undefined ? null : verdict.safeParse(JSON.parse(line));
  const failed = (reason: string): UserError =>
    new UserError({
      code: 'verify-failed',
      message: `Native TensorFlow was prepared but does not work here: ${reason}`,
      hint: 'Unroll keeps using WASM. Try again, or report this message.',
    });
  if (!result.ok || parsed?.success !== true) throw failed(`the check ${result.ending}: ${lastLines(result.output)}`);
  const { matmulError, selfCheckError } = parsed.data;
  if (matmulError > selfCheckLimit) throw failed(`its matrix product is off by ${matmulError.toPrecision(2)}`);
  if (selfCheckError > selfCheckLimit) throw failed(`its gradients are off by ${selfCheckError.toPrecision(2)}`);
  return selfCheckError;
}

/** The plain shell's engine and the command line are Node, and start another. */
const checkInNode = (binding: string, ops: string | null, signal: AbortSignal | undefined): Promise<CommandResult> =>
  runCommand(process.execPath, [...scriptArguments(), binding, ...(ops === null ? [] : [ops])], {
    env: { ...process.env, NODE_OPTIONS: '' },
    ...(signal === undefined ? {} : { signal }),
  });

/** In a checkout the script beside this file, run through tsx; in a build its bundle. */
function scriptArguments(): string[] {
  const source = fileURLToPath(new URL('./verify-native.tf.ts', import.meta.url));
  if (existsSync(source)) return ['--import', pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href, source];
  return [fileURLToPath(new URL('../../../dist/verify-native.js', import.meta.url))];
}
