import { type SecretRequest, secretAnswer } from '../protocol/secrets.ts';
import { askShell } from './ask-shell.ts';
import type { ParentPort } from './parent-port.ts';

/** The system's key store, which the desktop shell reaches. `null` where there is none. */
export function secretsInShell(shell: ParentPort) {
  const ask = async (kind: SecretRequest['kind'], text: string): Promise<string | null> =>
    (await askShell(shell, secretAnswer, (id): SecretRequest => ({ kind, id, text }))).text;
  return {
    encrypt: (text: string) => ask('encrypt-secret', text),
    decrypt: (text: string) => ask('decrypt-secret', text),
  };
}
