import { type NativeCheckRequest, nativeCheckEnded } from '../protocol/native-check.ts';
import type { CommandResult } from '../toolchain/run-command.ts';
import type { ParentPort } from './parent-port.ts';

let next = 1;

/** Has the desktop shell load a native library in a process of its own. Rejects with the signal's reason when cancelled. */
export function checkInShell(
  shell: ParentPort,
  files: { readonly binding: string; readonly ops: string | null },
  signal?: AbortSignal,
): Promise<CommandResult> {
  signal?.throwIfAborted();
  const id = next++;
  const post = (request: NativeCheckRequest): void => shell.postMessage(request);
  return new Promise((resolve, reject) => {
    const cancel = (): void => post({ kind: 'cancel-native-check', id });
    const read = ({ data }: { readonly data: unknown }): void => {
      const { success, data: ended } = nativeCheckEnded.safeParse(data);
      if (!success || ended.id !== id) return;
      shell.off('message', read);
      signal?.removeEventListener('abort', cancel);
      if (signal?.aborted === true) reject(signal.reason);
      else resolve({ ok: ended.ok, output: ended.output, ending: ended.ending });
    };
    shell.on('message', read);
    signal?.addEventListener('abort', cancel, { once: true });
    post({ kind: 'check-native', id, ...files });
  });
}
