import { type SecretRequest, secretAnswer } from '../protocol/secrets.ts';
import type { ParentPort } from './parent-port.ts';

let next = 1;

/** The system's key store, which the desktop shell reaches. `null` where there is none. */
export function secretsInShell(shell: ParentPort) {
  const ask = (kind: SecretRequest['kind'], text: string): Promise<string | null> => {
    const id = next++;
    return new Promise((resolve) => {
      const read = ({ data }: { readonly data: unknown }): void => {
        const answer = secretAnswer.safeParse(data).data;
        if (answer?.id !== id) return;
        shell.off('message', read);
        resolve(answer.text);
      };
      shell.on('message', read);
      shell.postMessage({ kind, id, text } satisfies SecretRequest);
    });
  };
  return {
    encrypt: (text: string) => ask('encrypt-secret', text),
    decrypt: (text: string) => ask('decrypt-secret', text),
  };
}
